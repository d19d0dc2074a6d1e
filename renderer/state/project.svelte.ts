import { SvelteMap } from 'svelte/reactivity';
import { engine } from '../api/client.ts';
import type { DoorEvent, Facets, HistoryState, Progress, Project, Run, Tag } from '../api/types.ts';
import { Selection } from './selection.svelte.ts';

const resultKinds: readonly Run['kind'][] = ['align', 'find', 'apply'];

/** An open project as the window knows it: kept current by the engine's events. */
export class ProjectState {
  readonly id: string;
  readonly selection = new Selection();
  info: Project = $state.raw() as Project;
  /** Latest first. */
  runs = $state.raw<readonly Run[]>([]);
  history = $state.raw<HistoryState>({ undo: null, redo: null });
  tags = $state.raw<readonly Tag[]>([]);
  facets = $state.raw<Facets | undefined>(undefined);
  /** Grow with every change of what they name: whoever shows it asks again. */
  imagesVersion = $state(0);
  transformsVersion = $state(0);
  annotationsVersion = $state(0);
  /** How far running runs have come, by run. */
  readonly progress = new SvelteMap<string, Progress>();
  /** The latest frame of each run's film. */
  readonly latestFrame = new SvelteMap<
    string,
    { readonly frame: string; readonly phase: string; readonly step: number }
  >();
  #chosen = $state.raw<string | undefined>(undefined);
  /** Whether the runs are known: which results go with the images. */
  isLoaded = $state(false);

  constructor(info: Project) {
    this.id = info.id;
    this.info = info;
  }

  get params(): { readonly project: string } {
    return { project: this.id };
  }

  /** The run whose results are shown everywhere: the chosen one, else the latest that has results. */
  get run(): Run | undefined {
    return (
      this.runs.find(({ id }) => id === this.#chosen) ??
      this.runs.find(({ kind, status }) => kind === 'align' && status === 'done') ??
      this.runs.find(({ kind, status }) => resultKinds.includes(kind) && status === 'done')
    );
  }

  /** The latest runs that are not over. */
  get active(): readonly Run[] {
    return this.runs.filter(({ status }) => status === 'running' || status === 'queued' || status === 'paused');
  }

  /** Runs with results, latest first; of other kinds only the one that is looked at. */
  get results(): readonly Run[] {
    return this.runs.filter(
      ({ id, kind, status }) => (resultKinds.includes(kind) || id === this.#chosen) && status === 'done',
    );
  }

  latest(kind: Run['kind']): Run | undefined {
    return this.runs.find((run) => run.kind === kind);
  }

  /** Takes a run that was removed off the list. */
  forgetRun(run: string): void {
    this.runs = this.runs.filter(({ id }) => id !== run);
    this.imagesVersion += 1;
    this.transformsVersion += 1;
    void this.loadFacets();
  }

  chooseRun(run: string | undefined): void {
    this.#chosen = run;
    this.imagesVersion += 1;
    void this.loadFacets();
  }

  /** Asks for everything, when it is called again anew. */
  async load(): Promise<void> {
    const { params } = this;
    const [info, { runs }, { state }, { tags }] = await Promise.all([
      engine.projects.one({ params }),
      engine.runs.page({ params, query: { limit: 200 } }),
      engine.history.page({ params, query: { limit: 1 } }),
      engine.tags.list({ params }),
    ]);
    this.info = info;
    this.runs = runs;
    this.history = state;
    this.tags = tags;
    for (const run of runs) if (run.progress !== null) this.progress.set(run.id, run.progress);
    if (this.isLoaded) {
      this.imagesVersion += 1;
      this.transformsVersion += 1;
      this.annotationsVersion += 1;
    }
    this.isLoaded = true;
    await this.loadFacets();
  }

  async loadFacets(): Promise<void> {
    const run = this.run?.id;
    this.facets = await engine.images.facets({ params: this.params, query: run === undefined ? {} : { run } });
  }

  /** Takes in what the engine says of this project. */
  hear(event: DoorEvent): void {
    if (!('project' in event) || event.project !== this.id) return;
    switch (event.event) {
      case 'run-changed':
        this.#hearRun(event.run);
        break;
      case 'run-progress':
        this.progress.set(event.run, event.progress);
        break;
      case 'run-frame':
        this.latestFrame.set(event.run, { frame: event.frame, phase: event.phase, step: event.step });
        break;
      case 'images-changed':
        this.imagesVersion += 1;
        void this.loadFacets();
        break;
      case 'transforms-changed':
        this.transformsVersion += 1;
        this.imagesVersion += 1;
        void this.loadFacets();
        break;
      case 'annotations-changed':
        this.annotationsVersion += 1;
        break;
      case 'tags-changed':
      case 'groups-changed':
        void engine.tags.list({ params: this.params }).then(({ tags }) => (this.tags = tags));
        this.imagesVersion += 1;
        break;
      case 'history-changed':
        this.history = event.state;
        break;
      case 'project-changed':
        this.info = event.state;
        break;
      case 'run-failure':
      case 'note':
      case 'project-closed':
        break;
    }
  }

  #hearRun(run: Run): void {
    const known = this.runs.some(({ id }) => id === run.id);
    const before = this.run?.id;
    this.runs = known ? this.runs.map((other) => (other.id === run.id ? run : other)) : [run, ...this.runs];
    if (run.progress !== null) this.progress.set(run.id, run.progress);
    if (this.run?.id !== before) {
      this.imagesVersion += 1;
      this.transformsVersion += 1;
      void this.loadFacets();
    }
  }
}
