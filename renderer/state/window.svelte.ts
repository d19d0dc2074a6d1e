import { engine } from '../api/client.ts';
import type { Connection } from '../api/events.ts';
import { listenToEngine } from '../api/events.ts';
import type { DoorEvent, Project, RecentProject, Settings } from '../api/types.ts';
import { CongealError } from '../../core/contract/errors.ts';
import { FolderChoice } from './folder-choice.svelte.ts';
import { Notes } from './notes.svelte.ts';
import { Opening } from './opening.svelte.ts';
import { ProjectState } from './project.svelte.ts';
import type { ProjectScreen, Route } from './route.ts';
import { fromHash, isProjectScreen, toHash } from './route.ts';
import type { Upload } from './upload.svelte.ts';

/** The whole window: where it is, what is open, what it says. One per page; components get it from the context. */
export class WindowState {
  readonly notes = new Notes();
  route: Route = $state.raw({ screen: 'start' });
  /** Asks a person for folders and project files. */
  readonly folders = new FolderChoice();
  /** Makes and opens projects. */
  readonly opening = new Opening(this);
  connection = $state<'connecting' | Connection>('connecting');
  /** Dropped files that are on their way to the engine. */
  upload = $state.raw<Upload | undefined>(undefined);
  project = $state.raw<ProjectState | undefined>(undefined);
  recent = $state.raw<readonly RecentProject[]>([]);
  settings = $state.raw<Settings | undefined>(undefined);
  modelsVersion = $state(0);
  providersVersion = $state(0);
  isReady = $state(false);
  readonly #listeners = new Set<(event: DoorEvent) => void>();
  /** Places gone to so far: an answer for one that was left again changes nothing. */
  #placesGoneTo = 0;

  /** Starts to follow the engine; the answer ends it. */
  start(): () => void {
    const ending = new AbortController();
    const onHash = () => void this.#follow(fromHash(location.hash));
    addEventListener('hashchange', onHash);
    void this.#begin();
    void this.#listen(ending.signal);
    return () => {
      removeEventListener('hashchange', onHash);
      ending.abort();
    };
  }

  /** Goes to a place; Back leads where one was. */
  go(route: Route): void {
    if (toHash(route) === location.hash) return;
    location.hash = toHash(route);
  }

  /** Goes to a screen of the open project. */
  show(screen: ProjectScreen, image?: string): void {
    if (this.project !== undefined) this.go({ screen, project: this.project.id, image });
  }

  /** Takes a project as the open one and shows its collection. */
  enter(project: Project, screen: ProjectScreen = 'collection'): void {
    this.#take(project);
    this.go({ screen, project: project.id });
  }

  async closeProject(): Promise<void> {
    const { project } = this;
    this.project = undefined;
    this.go({ screen: 'start' });
    if (project !== undefined) await this.try(() => engine.projects.close({ params: project.params }));
  }

  async changeSettings(changes: Partial<Settings>): Promise<void> {
    const settings = await this.try(() => engine.settings.change({ body: changes }));
    if (settings !== undefined) this.#takeSettings(settings);
  }

  async undo(): Promise<void> {
    await this.#step('undo');
  }

  async redo(): Promise<void> {
    await this.#step('redo');
  }

  /** Does something that the engine may refuse: the refusal is said, and the answer is undefined. */
  async try<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      this.refuse(error);
      return undefined;
    }
  }

  /** Says what went wrong; that something was given up is no news. */
  refuse(error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    const text =
      error instanceof CongealError ? error.message : 'The engine does not answer. It may have ended; start it again.';
    if (!(error instanceof CongealError)) console.warn(error);
    this.notes.say(text, 'error');
  }

  /** Calls back with every event of the engine until the answer is called. */
  onEvent(listener: (event: DoorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async loadRecent(): Promise<void> {
    const answer = await this.try(() => engine.projects.recent());
    if (answer !== undefined) this.recent = answer.projects;
  }

  async #begin(): Promise<void> {
    const place = fromHash(location.hash) ?? { screen: 'start' };
    await Promise.all([this.#loadSettings(), this.loadRecent(), this.#follow(place, true)]);
    this.isReady = true;
  }

  /** Shows the place that an address names. At the start an only open project is shown without being named. */
  async #follow(route: Route | undefined, atStart = false): Promise<void> {
    if (route === undefined) return;
    const place = (this.#placesGoneTo += 1);
    if (route.project === undefined ? atStart : route.project !== this.project?.id) {
      const open = await this.try(() => engine.projects.list());
      if (place !== this.#placesGoneTo) return;
      const named = open?.projects.find(({ id }) => id === route.project);
      // Whoever has gone somewhere meanwhile, or reloads the start, is not led away from there.
      const isNamed = fromHash(location.hash) !== undefined;
      const only = atStart && !isNamed && open?.projects.length === 1 ? open.projects[0] : undefined;
      if (named !== undefined) this.#take(named);
      else if (only !== undefined) {
        this.enter(only);
        return;
      } else if (route.project !== undefined) {
        if (open !== undefined)
          this.notes.say(
            'The project of this address is not open: it was closed, or the program was started anew. Open it here again.',
          );
        this.go({ screen: 'start' });
        return;
      }
    }
    this.route = route;
  }

  #take(project: Project): void {
    if (this.project?.id === project.id) return;
    const state = new ProjectState(project);
    this.project = state;
    void this.try(() => state.load());
  }

  async #loadSettings(): Promise<void> {
    const settings = await this.try(() => engine.settings.read());
    if (settings !== undefined) this.#takeSettings(settings);
  }

  #takeSettings(settings: Settings): void {
    this.settings = settings;
    if (settings.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = settings.theme;
  }

  async #step(direction: 'undo' | 'redo'): Promise<void> {
    const { project } = this;
    if (project === undefined) return;
    const answer = await this.try(() => engine.history[direction]({ params: project.params }));
    if (answer === undefined) return;
    project.history = answer.state;
    const verb = direction === 'undo' ? 'Undone' : 'Done again';
    this.notes.say(answer.edit === null ? `There is nothing to ${direction}.` : `${verb}: ${answer.edit.summary}`);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const onState = (state: Connection) => {
      const isBack = state === 'connected' && this.connection !== 'connecting' && this.connection !== 'connected';
      this.connection = state;
      if (isBack) void this.#catchUp();
    };
    for await (const { event } of listenToEngine(signal, onState)) this.#hear(event);
  }

  /** After a pause the engine may be another one: the project is opened again where it was open. */
  async #catchUp(): Promise<void> {
    await this.#loadSettings();
    await this.loadRecent();
    const { project, route } = this;
    if (project === undefined) return;
    const again = await this.try(() => this.opening.findAgain(project.info));
    if (again === undefined) {
      this.project = undefined;
      this.go({ screen: 'start' });
    } else if (again.id === project.id) await this.try(() => project.load());
    else {
      this.#take(again);
      if (isProjectScreen(route.screen)) this.go({ ...route, screen: route.screen, project: again.id });
    }
  }

  #hear(event: DoorEvent): void {
    switch (event.event) {
      case 'settings-changed':
        this.#takeSettings(event.settings);
        break;
      case 'recent-changed':
        void this.loadRecent();
        break;
      case 'models-changed':
        this.modelsVersion += 1;
        break;
      case 'providers-changed':
        this.providersVersion += 1;
        break;
      case 'note':
        if (event.project === null || event.project === this.project?.id) this.notes.say(event.message, event.level);
        break;
      case 'project-closed':
        if (event.project === this.project?.id) {
          this.project = undefined;
          this.go({ screen: 'start' });
        }
        break;
      case 'reset':
        void this.#catchUp();
        break;
      default:
        this.project?.hear(event);
    }
    for (const listener of this.#listeners) listener(event);
  }
}
