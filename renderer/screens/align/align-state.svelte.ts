import { engine } from '../../api/client.ts';
import type { DoorEvent, Run } from '../../api/types.ts';
import type { AlignRun } from '../../../core/contract/recipes.ts';
import { LearningOptions } from '../../runs/learning-options.svelte.ts';
import { RunChoice } from '../../runs/run-choice.svelte.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import { TransformList } from '../../state/transform-list.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';

/** What the screen Align shows, and what can be done there. */
export class AlignState {
  readonly list: TransformList;
  readonly learning: LearningOptions;
  family = $state<AlignRun['family']>('affine');
  size = $state(128);
  mirror = $state(false);
  rotation = $state(180);
  learn = $state(true);
  reference = $state.raw<string | undefined>(undefined);
  #boxes = $state<string>();
  isStarting = $state(false);
  /** Whether the thumbnails show the pose that was found, or the images as they came. */
  pose = $state<'aligned' | 'original'>('aligned');
  readonly #window: WindowState;
  readonly #project: ProjectState;
  readonly #choice: RunChoice;

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
    this.#choice = new RunChoice(project, 'align');
    this.list = new TransformList(window, project);
    this.learning = new LearningOptions(window, project);
  }

  get runs(): readonly Run[] {
    return this.#choice.all;
  }

  get run(): Run | undefined {
    return this.#choice.shown;
  }

  /** Finished searches, whose boxes can bound the objects. */
  get searches(): readonly Run[] {
    return this.#project.runs.filter(({ kind, status }) => kind === 'find' && status === 'done');
  }

  /** The search whose boxes bound the objects: the chosen one, else the latest; empty for none. */
  get boxes(): string {
    return this.#boxes ?? this.searches.at(0)?.id ?? '';
  }

  set boxes(search: string) {
    this.#boxes = search;
  }

  choose(run: string): void {
    this.#choice.choose(run);
  }

  load(): void {
    const { run } = this;
    void this.list.show(run?.status === 'done' ? run.id : undefined, { sort: 'name' });
  }

  hear(event: DoorEvent): void {
    if (event.event === 'transforms-changed' && event.run === this.run?.id) void this.list.refresh(event.images);
  }

  /** Starts an alignment; with a run, from what was accepted, edited and rejected in it. */
  async start(corrected?: string): Promise<void> {
    const { family, size, mirror, rotation, learn, reference, boxes } = this;
    this.isStarting = true;
    const body = {
      ...{ family, size, mirror, rotation, learn },
      ...this.learning.request,
      ...(reference === undefined ? {} : { reference }),
      ...(boxes === '' ? {} : { boxes }),
    };
    const { params } = this.#project;
    const started = await this.#window.try(() =>
      corrected === undefined
        ? engine.runs.align({ params, body })
        : engine.transforms.rerun({ params: { ...params, run: corrected }, body: {} }),
    );
    this.isStarting = false;
    if (started !== undefined) this.choose(started.run);
  }
}
