import { engine } from '../api/client.ts';
import type { Project } from '../api/types.ts';
import { CongealError } from '../../core/contract/errors.ts';
import type { FolderChoice } from './folder-choice.svelte.ts';

/** A project file as it can be opened: off the recent list, or one that was chosen. */
export type ProjectSource = { readonly recent: string } | { readonly file: string };

/** What opening needs of the window that it belongs to. */
interface Surroundings {
  readonly folders: FolderChoice;
  readonly try: <T>(action: () => Promise<T>) => Promise<T | undefined>;
  readonly enter: (project: Project) => void;
  readonly refuse: (error: unknown) => void;
  readonly loadRecent: () => Promise<void>;
}

/** Makes and opens projects, one thing at a time. */
export class Opening {
  /** True while a project is being made or opened. */
  isBusy = $state(false);
  /** A file that cannot be read, which may have a backup; a person is asked. */
  damaged = $state.raw<{ readonly source: ProjectSource; readonly reason: string } | undefined>(undefined);
  readonly #window: Surroundings;

  constructor(window: Surroundings) {
    this.#window = window;
  }

  /** Makes a project, of the images of a folder where one is given. Gives it where that worked. */
  async create(name: string, images: string | null = null): Promise<Project | undefined> {
    return this.#do(async () => (await engine.projects.create({ body: { name, images } })).project);
  }

  /** Asks for a folder of images and makes a project of it. */
  async createFromFolder(name: string): Promise<void> {
    const folder = await this.#window.folders.folder('images', 'Choose a folder of images');
    if (folder !== undefined) await this.create(name.trim() === '' ? folder.name : name.trim(), folder.id);
  }

  async sample(collection: 'beetles' | 'glyphs', images: number): Promise<void> {
    await this.#do(async () => (await engine.projects.sample({ body: { collection, images } })).project);
  }

  async openFile(): Promise<void> {
    const file = await this.#window.folders.projectFile('Open a project');
    if (file !== undefined) await this.open({ file: file.id });
  }

  async open(source: ProjectSource, ifDamaged: 'refuse' | 'restore-backup' = 'refuse'): Promise<void> {
    this.damaged = undefined;
    await this.#do(async () => {
      try {
        return (await engine.projects.open({ body: { from: source, ifDamaged } })).project;
      } catch (error) {
        if (!(error instanceof CongealError) || error.code !== 'project-invalid' || ifDamaged !== 'refuse') throw error;
        this.damaged = { source, reason: error.message };
        return undefined;
      }
    });
  }

  /** The project as the engine has it open now; where it has been started anew, the file is opened again. */
  async findAgain({ id, name, place }: Project): Promise<Project | undefined> {
    const isSame = (other: { readonly name: string; readonly place: string }) =>
      other.place === place && other.name === name;
    const { projects: open } = await engine.projects.list();
    const known = open.find((other) => other.id === id) ?? open.find(isSame);
    if (known !== undefined) return known;
    const recent = (await engine.projects.recent()).projects.find(isSame);
    if (recent === undefined || recent.missing) return undefined;
    return (await engine.projects.open({ body: { from: { recent: recent.id } } })).project;
  }

  async #do(action: () => Promise<Project | undefined>): Promise<Project | undefined> {
    if (this.isBusy) return undefined;
    this.isBusy = true;
    const project = await this.#window.try(action);
    this.isBusy = false;
    if (project !== undefined) this.#window.enter(project);
    return project;
  }
}
