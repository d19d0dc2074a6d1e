import type { NetworkDescription } from '../../../../core/contract/network.ts';
import type { LearnRun } from '../../../../core/contract/recipes.ts';
import { learnRun } from '../../../../core/contract/recipes.ts';
import { engine } from '../../../api/client.ts';
import type { DoorEvent, Run } from '../../../api/types.ts';
import { RunChoice } from '../../../runs/run-choice.svelte.ts';
import { SampleOptions } from '../../../runs/sample-options.svelte.ts';
import type { ProjectState } from '../../../state/project.svelte.ts';
import { TransformList } from '../../../state/transform-list.svelte.ts';
import type { WindowState } from '../../../state/window.svelte.ts';
import type { Classes } from './learn-words.ts';

type From = LearnRun['classes'];

/** What is shown where classifiers are trained, and what can be done there. */
export class LearnState {
  /** Where the first transformer of a finished run looks, least certain answers first. */
  readonly looks: TransformList;
  /** As the contract means it where nothing is said, changed by a person. */
  readonly options = $state(learnRun.parse({}));
  readonly sample: SampleOptions;
  /** The classes by folders and by tags; undefined until they were counted. */
  counted = $state.raw<Readonly<Record<From, Classes>> | undefined>(undefined);
  /** The network that was read from a file, and what that is called. */
  ownNetwork = $state.raw<{ readonly name: string; readonly network: NetworkDescription } | undefined>(undefined);
  isStarting = $state(false);
  #from = $state<From>();
  #isCounting = false;
  #isStale = false;
  readonly #window: WindowState;
  readonly #project: ProjectState;
  readonly #choice: RunChoice;

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
    this.#choice = new RunChoice(project, 'learn');
    this.looks = new TransformList(window, project);
    this.sample = new SampleOptions(project);
  }

  get runs(): readonly Run[] {
    return this.#choice.all;
  }

  get run(): Run | undefined {
    return this.#choice.shown;
  }

  /** Where the classes come from: as chosen, else from whatever has any. */
  get from(): From {
    const isOnlyTagged = this.counted !== undefined && this.counted.folders.total < 2 && this.counted.tags.total > 1;
    return this.#from ?? (isOnlyTagged ? 'tags' : 'folders');
  }

  set from(from: From) {
    this.#from = from;
  }

  get classes(): Classes | undefined {
    return this.counted?.[this.from];
  }

  choose(run: string): void {
    this.#choice.choose(run);
  }

  /** Counts the images of the classes, never twice at a time. */
  async count(): Promise<void> {
    this.#isStale = true;
    if (this.#isCounting) return;
    this.#isCounting = true;
    while (this.#isStale) {
      this.#isStale = false;
      const [folders, tags] = await Promise.all([this.#classesBy('folders'), this.#classesBy('tags')]);
      if (folders === undefined || tags === undefined) break;
      this.counted = { folders, tags };
    }
    this.#isCounting = false;
  }

  load(): void {
    const { run } = this;
    const query = { sort: 'score', by: 'confidence', direction: 'ascending' } as const;
    void this.looks.show(run?.status === 'done' ? run.id : undefined, query);
  }

  hear(event: DoorEvent): void {
    if (event.event === 'transforms-changed' && event.run === this.run?.id) void this.looks.refresh(event.images);
  }

  async start(): Promise<void> {
    const { sample, from } = this;
    this.isStarting = true;
    const body = { ...$state.snapshot(this.options), ...sample.which, seed: sample.seed, classes: from };
    const started = await this.#window.try(() => engine.runs.learn({ params: this.#project.params, body }));
    this.isStarting = false;
    if (started !== undefined) this.choose(started.run);
  }

  #classesBy(classes: From): Promise<Classes | undefined> {
    const body = { ...this.sample.which, classes };
    return this.#window.try(() => engine.runs.classes({ params: this.#project.params, body }));
  }
}
