import { engine } from '../../api/client.ts';
import type { InspectedModel, Model } from '../../../core/contract/commands/models.ts';
import type { WindowState } from '../../state/window.svelte.ts';

/** What the screen Models shows: the program's networks, those of the open project, and one of them in detail. */
export class ModelsState {
  ofProgram = $state.raw<readonly Model[]>([]);
  learned = $state.raw<readonly Model[]>([]);
  chosen = $state.raw<Model | undefined>(undefined);
  inspected = $state.raw<InspectedModel | undefined>(undefined);
  isImporting = $state(false);
  /** Why the last file was not taken. */
  refusal = $state<string | undefined>(undefined);
  readonly #window: WindowState;

  constructor(window: WindowState) {
    this.#window = window;
  }

  async load(): Promise<void> {
    const { project } = this.#window;
    const [program, learned] = await Promise.all([
      this.#window.try(() => engine.models.list()),
      project === undefined ? undefined : this.#window.try(() => engine.models.learned({ params: project.params })),
    ]);
    this.ofProgram = program?.models ?? [];
    this.learned = learned?.models ?? [];
    const all = [...this.ofProgram, ...this.learned];
    if (all.every(({ id }) => id !== this.chosen?.id)) await this.choose(all.at(0));
  }

  async choose(model: Model | undefined): Promise<void> {
    this.chosen = model;
    this.inspected = undefined;
    if (model === undefined) return;
    const query = this.#inProject(model);
    const inspected = await this.#window.try(() => engine.models.inspect({ params: { model: model.id }, query }));
    // Another one may have been chosen meanwhile.
    if (this.isChosen(model)) this.inspected = inspected;
  }

  isChosen({ id }: Model): boolean {
    return this.chosen?.id === id;
  }

  /** The query that names the project of a learned model. */
  #inProject({ source }: Model): { readonly project?: string } {
    const project = this.#window.project?.id;
    return source === 'learned' && project !== undefined ? { project } : {};
  }

  /** Imports an ONNX file; a refusal stays to be read. */
  async import(file: File): Promise<void> {
    this.isImporting = true;
    this.refusal = undefined;
    try {
      const body = new Uint8Array(await file.arrayBuffer());
      const name = file.name.replace(/\.onnx$/i, '').slice(0, 80);
      const inspected = await engine.models.import({ query: { name }, body });
      this.chosen = inspected.model;
      this.inspected = inspected;
      await this.load();
    } catch (error) {
      this.refusal = `${file.name}: ${error instanceof Error ? error.message : 'it could not be read.'}`;
    } finally {
      this.isImporting = false;
    }
  }

  async remove(model: Model): Promise<void> {
    await this.#window.try(() => engine.models.remove({ params: { model: model.id } }));
    await this.load();
  }

  async keep(model: Model): Promise<void> {
    const { project } = this.#window;
    if (project === undefined) return;
    const params = { ...project.params, model: model.id };
    const kept = await this.#window.try(() => engine.models.keep({ params, body: { name: model.name } }));
    if (kept !== undefined) this.#window.notes.say(`${kept.name} is kept for other projects.`);
    await this.load();
  }

  /** Runs a learned transformer over the images of the open project. */
  async apply(model: Model): Promise<void> {
    const { project } = this.#window;
    if (project === undefined) return;
    const selection = project.selection.request;
    const body = { model: model.id, ...(selection === undefined ? {} : { selection }) };
    const started = await this.#window.try(() => engine.runs.apply({ params: project.params, body }));
    if (started !== undefined)
      this.#window.notes.say('It runs over the images; its results can be chosen under Scores.');
  }
}
