import { engine } from '../../api/client.ts';
import type { DoorEvent, Run, Transform } from '../../api/types.ts';
import type { Box } from '../../../core/geometry/boxes.ts';
import { LearningOptions } from '../../runs/learning-options.svelte.ts';
import { RunChoice } from '../../runs/run-choice.svelte.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import { TransformList } from '../../state/transform-list.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';

export type FindSort = 'low' | 'high' | 'name';
export type FindShow = 'all' | 'open' | 'accepted' | 'rejected';

const sorts = {
  low: { sort: 'score', by: 'confidence', direction: 'ascending' },
  high: { sort: 'score', by: 'confidence', direction: 'descending' },
  name: { sort: 'name', direction: 'ascending' },
} as const;
const shows = { all: undefined, open: ['none'], accepted: ['accepted', 'edited'], rejected: ['rejected'] } as const;

/** What the screen Find shows, and what can be done there. */
export class FindState {
  readonly list: TransformList;
  readonly learning: LearningOptions;
  objectSize = $state<number | undefined>(undefined);
  objective = $state<'gain' | 'triplet'>('gain');
  net = $state<'heat-map' | 'published'>('heat-map');
  sort = $state<FindSort>('low');
  show = $state<FindShow>('all');
  index = $state(0);
  /** The box as it is being moved; undefined while none is. */
  moving = $state.raw<Box | undefined>(undefined);
  isStarting = $state(false);
  readonly #window: WindowState;
  readonly #project: ProjectState;
  readonly #choice: RunChoice;
  /** The run whose results are listed: the same text while other things are told of it, so that nothing begins anew. */
  readonly #listed = $derived(this.run?.status === 'done' ? this.run.id : undefined);

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
    this.#choice = new RunChoice(project, 'find');
    this.list = new TransformList(window, project);
    this.learning = new LearningOptions(window, project);
  }

  get runs(): readonly Run[] {
    return this.#choice.all;
  }

  get run(): Run | undefined {
    return this.#choice.shown;
  }

  get current(): Transform | undefined {
    return this.list.rows.at(Math.min(this.index, this.list.rows.length - 1));
  }

  choose(run: string): void {
    this.#choice.choose(run);
    this.index = 0;
    this.moving = undefined;
  }

  /** Asks for the results of the run that is shown. */
  load(): void {
    const decision = shows[this.show];
    const query = { ...sorts[this.sort], ...(decision === undefined ? {} : { decision: [...decision] }) };
    this.index = 0;
    void this.list.show(this.#listed, query);
  }

  hear(event: DoorEvent): void {
    if (event.event === 'transforms-changed' && event.run === this.run?.id) void this.list.refresh(event.images);
  }

  go(steps: number): void {
    this.moving = undefined;
    this.index = Math.max(0, Math.min(this.list.total - 1, this.index + steps));
    void this.list.reach(this.index + 50);
  }

  /** Decides on the image that is shown and goes to the next one at once: whoever is fast decides on that one next. */
  async decide(decision: 'accept' | 'reject' | 'reset'): Promise<void> {
    const { run, current, index } = this;
    if (run === undefined || current === undefined) return;
    const body = { selection: { images: [current.image] } };
    if (decision !== 'reset') this.go(1);
    const next = this.index;
    const done = await this.#window.try(() =>
      engine.transforms[decision]({ params: { ...this.#project.params, run: run.id }, body }),
    );
    if (done === undefined && this.index === next) this.index = index;
  }

  /** Decides on all images that are shown and on which nobody has decided yet. */
  async acceptRest(): Promise<void> {
    const { run } = this;
    if (run === undefined) return;
    const body = { selection: { filter: { run: run.id, decision: ['none' as const], result: ['ok'] } } };
    const params = { ...this.#project.params, run: run.id };
    const answer = await this.#window.try(() => engine.transforms.accept({ params, body }));
    if (answer !== undefined) this.#window.notes.say(`Accepted ${answer.changed} boxes.`);
  }

  /** Keeps a box that was moved. */
  async keep(box: Box): Promise<void> {
    const { run, current } = this;
    this.moving = undefined;
    if (run === undefined || current === undefined) return;
    const params = { ...this.#project.params, run: run.id, image: current.image };
    this.list.put({ ...current, box });
    const changed = await this.#window.try(() => engine.transforms.edit({ params, body: { box } }));
    this.list.put(changed ?? current);
  }

  /** Starts to look for the object, keeping what was accepted or moved in a run where one is named. */
  async start(keepAccepted?: string): Promise<void> {
    const { objective, net, objectSize } = this;
    this.isStarting = true;
    const body = {
      ...{ objective, net, objectSize: objectSize ?? ('auto' as const) },
      ...this.learning.request,
      ...(keepAccepted === undefined ? {} : { keepAccepted }),
    };
    const started = await this.#window.try(() => engine.runs.find({ params: this.#project.params, body }));
    this.isStarting = false;
    if (started !== undefined) this.choose(started.run);
  }
}
