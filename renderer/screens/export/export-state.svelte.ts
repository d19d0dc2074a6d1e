import { engine } from '../../api/client.ts';
import type { AnswerOf, Run } from '../../api/types.ts';
import type { ExportRun } from '../../../core/contract/recipes.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';
import type { ExportSettings, PresetName } from './export-presets.ts';
import { exportPresets } from './export-presets.ts';

type Preview = AnswerOf<'exports.preview'>;
type Written = AnswerOf<'exports.list'>['exports'][number];

/** The preview waits so long for a person to stop changing options, in milliseconds. */
const patience = 250;

/** What the screen Export shows: what would be written, and what was. */
export class ExportState {
  settings = $state.raw<ExportSettings>(exportPresets.training.settings);
  onlySelected = $state(false);
  name = $state('aligned');
  place = $state.raw<{ readonly id: string; readonly name: string } | undefined>(undefined);
  preview = $state.raw<Preview | undefined>(undefined);
  isLooking = $state(false);
  isStarting = $state(false);
  written = $state.raw<readonly Written[]>([]);
  readonly #window: WindowState;
  readonly #project: ProjectState;
  #asking = new AbortController();

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  /** The export that goes on, if one does. */
  get active(): Run | undefined {
    return this.#project.active.find(({ kind }) => kind === 'export');
  }

  /** As the engine takes it; undefined where nothing can be exported. */
  get options(): ExportRun | undefined {
    const run = this.#project.run?.id;
    if (run === undefined) return undefined;
    const { split, ...settings } = this.settings;
    const selection = this.onlySelected ? this.#project.selection.request : undefined;
    return {
      ...settings,
      ...{ run, format: 'folder' },
      ...(split === undefined ? {} : { split }),
      ...(selection === undefined ? {} : { selection }),
    };
  }

  choose(preset: PresetName): void {
    this.settings = exportPresets[preset].settings;
  }

  change(changes: Partial<ExportSettings>): void {
    this.settings = { ...this.settings, ...changes };
  }

  /** Asks what would be written, a moment after the last change. */
  look(): () => void {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { options } = this;
    const { signal } = this.#asking;
    if (options === undefined) return () => undefined;
    this.isLooking = true;
    const timer = setTimeout(() => void this.#ask(options, signal), patience);
    return () => clearTimeout(timer);
  }

  async loadWritten(): Promise<void> {
    const answer = await this.#window.try(() => engine.exports.list({ params: this.#project.params }));
    if (answer !== undefined) this.written = answer.exports;
  }

  /** Asks where the new folder shall be. */
  async choosePlace(): Promise<void> {
    const chosen = await this.#window.folders.folder('export', 'Where shall the dataset be written?');
    if (chosen !== undefined) this.place = chosen;
  }

  async start(): Promise<void> {
    const { options, name, place } = this;
    if (options === undefined) return;
    this.isStarting = true;
    const body = { options, name: name.trim(), place: place?.id ?? null };
    await this.#window.try(() => engine.exports.start({ params: this.#project.params, body }));
    this.isStarting = false;
  }

  async #ask(options: ExportRun, signal: AbortSignal): Promise<void> {
    const body = { options, first: 24 };
    const preview = await this.#window.try(() =>
      engine.exports.preview({ params: this.#project.params, body, signal }),
    );
    if (signal.aborted) return;
    this.isLooking = false;
    if (preview !== undefined) this.preview = preview;
  }
}
