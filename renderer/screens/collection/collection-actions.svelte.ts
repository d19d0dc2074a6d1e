import { engine } from '../../api/client.ts';
import type { Selection } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';
import { counted } from '../../ui/words.ts';

/** What can be done to a collection and to what is selected in it. */
export class CollectionActions {
  areGroupsShown = $state(false);
  readonly #window: WindowState;
  readonly #project: ProjectState;

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  get #params() {
    return this.#project.params;
  }

  async addFolder(): Promise<void> {
    const folder = await this.#window.folders.folder('images', 'Choose a folder of images');
    if (folder === undefined) return;
    await this.#window.try(() => engine.images.import({ params: this.#params, body: { folder: folder.id } }));
  }

  /** Looks through the known folders for new, changed and missing files. */
  async scanAgain(): Promise<void> {
    await this.#window.try(() => engine.images.import({ params: this.#params, body: { folder: null } }));
  }

  /** Finds originals that moved in a folder. */
  async relink(): Promise<void> {
    const folder = await this.#window.folders.folder('images', 'Where are the moved images now?');
    if (folder === undefined) return;
    await this.#window.try(() => engine.images.relink({ params: this.#params, body: { folder: folder.id } }));
  }

  async retry(selection: Selection, allowDamaged: boolean): Promise<void> {
    await this.#window.try(() => engine.images.retry({ params: this.#params, body: { selection, allowDamaged } }));
  }

  async remove(): Promise<void> {
    const { selection } = this.#project;
    const asked = selection.request;
    if (asked === undefined) return;
    const answer = await this.#window.try(() =>
      engine.images.remove({ params: this.#params, body: { selection: asked } }),
    );
    if (answer === undefined) return;
    selection.clear();
    this.#window.notes.say(`${counted(answer.removed, 'image')} taken out; the files stay where they are.`, 'info', {
      label: 'Undo',
      run: () => void this.#window.undo(),
    });
  }

  /** Decides about the selected images in the chosen run. */
  async decide(decision: 'accept' | 'reject' | 'reset'): Promise<void> {
    const { run, selection } = this.#project;
    const asked = selection.request;
    if (run === undefined || asked === undefined) return;
    const params = { ...this.#params, run: run.id };
    await this.#window.try(() => engine.transforms[decision]({ params, body: { selection: asked } }));
  }

  /** Gives the selected images a tag, or takes it from them. */
  async tag(tag: string, change: 'assign' | 'unassign'): Promise<void> {
    const asked = this.#project.selection.request;
    if (asked === undefined) return;
    const params = { ...this.#params, tag };
    await this.#window.try(() => engine.tags[change]({ params, body: { selection: asked } }));
  }

  /** Makes a tag; gives its id. */
  async makeTag(name: string): Promise<string | undefined> {
    return (await this.#window.try(() => engine.tags.create({ params: this.#params, body: { name } })))?.id;
  }
}
