import { engine } from '../api/client.ts';
import type { AnswerOf } from '../api/types.ts';
import type { FolderQuestion } from '../state/folder-choice.svelte.ts';
import type { WindowState } from '../state/window.svelte.ts';

type Listed = AnswerOf<'folders.list'>;

/** Walks through the folders that were granted and answers a question with one of them, or with a project file. */
export class FolderBrowser {
  roots = $state.raw<AnswerOf<'folders.roots'>['roots'] | undefined>(undefined);
  /** The folder that is shown; undefined: the roots are. */
  here = $state.raw<Listed | undefined>(undefined);
  isBusy = $state(false);
  readonly question: FolderQuestion;
  /** The folder that was asked for last, and the question that the engine has been asked for it. */
  #wanted: string | undefined;
  #asking: Promise<unknown> = Promise.resolve();
  readonly #window: Pick<WindowState, 'try'>;

  constructor(question: FolderQuestion, window: Pick<WindowState, 'try'>) {
    this.question = question;
    this.#window = window;
  }

  /** Shows where one can begin: the only root, or all of them. */
  async begin(): Promise<void> {
    const answer = await this.#window.try(() => engine.folders.roots());
    this.roots = answer?.roots ?? [];
    if (this.roots.length === 1) await this.open(this.roots[0].id);
  }

  async open(folder: string | undefined): Promise<void> {
    this.#wanted = folder;
    this.isBusy = folder !== undefined;
    if (folder === undefined) {
      this.here = undefined;
      return;
    }
    const asking = this.#window.try(() => engine.folders.list({ params: { folder } }));
    this.#asking = asking;
    const found = await asking;
    // Another folder may have been asked for meanwhile.
    if (this.#wanted !== folder) return;
    this.isBusy = false;
    if (found === undefined) this.#wanted = this.here?.folder.id;
    else this.here = found;
  }

  async make(name: string): Promise<void> {
    const { here } = this;
    if (here === undefined) return;
    const params = { folder: here.folder.id };
    const made = await this.#window.try(() => engine.folders.make({ params, body: { name } }));
    if (made !== undefined) await this.open(made.id);
  }

  get canChoose(): boolean {
    const { wanted } = this.question;
    if (this.here === undefined || wanted === 'project-file') return false;
    return wanted === 'images' || this.here.writable;
  }

  /** Answers with the folder that is shown. One that is being opened is waited for: nobody means the one before it. */
  async choose(): Promise<void> {
    const wanted = this.#wanted;
    await this.#asking;
    const { here, question } = this;
    if (here === undefined || here.folder.id !== wanted || question.wanted === 'project-file') return;
    const asked = { params: { folder: here.folder.id }, body: { purpose: question.wanted } };
    const grant = await this.#window.try(() => engine.folders.choose(asked));
    if (grant !== undefined) question.answer(grant);
  }
}
