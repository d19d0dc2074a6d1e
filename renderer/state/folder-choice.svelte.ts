import { desktop } from '../api/desktop.ts';

/** What a folder is chosen for. */
export type FolderPurpose = 'images' | 'project' | 'export';

/** What a person chose; the id is what commands take. */
export interface Choice {
  readonly id: string;
  readonly name: string;
}

/** What a person is asked. */
export interface FolderQuestion {
  readonly title: string;
  /** A folder for a purpose, or a project file. */
  readonly wanted: FolderPurpose | 'project-file';
  readonly answer: (choice: Choice | undefined) => void;
}

/** Asks a person for folders and project files: with the dialogs of the system in the desktop, with our own elsewhere. */
export class FolderChoice {
  /** What our own dialog asks now. */
  question = $state.raw<FolderQuestion | undefined>(undefined);

  /** A grant for a folder; undefined where the person gives up. */
  folder(purpose: FolderPurpose, title: string): Promise<Choice | undefined> {
    return desktop === undefined ? this.#ask(purpose, title) : desktop.pickFolder(purpose);
  }

  /** A project file as `projects.open` takes it; undefined where the person gives up. */
  async projectFile(title: string): Promise<Choice | undefined> {
    return desktop === undefined ? this.#ask('project-file', title) : (await desktop.pickFiles('project')).at(0);
  }

  #ask(wanted: FolderQuestion['wanted'], title: string): Promise<Choice | undefined> {
    this.question?.answer(undefined);
    return new Promise((resolve) => {
      const answer = (choice: Choice | undefined) => {
        this.question = undefined;
        resolve(choice);
      };
      this.question = { title, wanted, answer };
    });
  }
}
