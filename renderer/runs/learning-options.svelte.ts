import { engine } from '../api/client.ts';
import type { Selection as SelectionRequest } from '../api/types.ts';
import type { Model } from '../../core/contract/commands/models.ts';
import type { ProjectState } from '../state/project.svelte.ts';
import type { WindowState } from '../state/window.svelte.ts';

/** What the images are described by, as a run is asked for it. */
type Features = 'gradients' | { readonly model: string; readonly output?: string };

/** What every run that learns is asked for: what describes the images, which of them, and the seed. */
export class LearningOptions {
  /** `gradients`, or the id of an encoder. */
  features = $state('gradients');
  output = $state('');
  seed = $state(1);
  onlySelected = $state(false);
  encoders = $state.raw<readonly Model[]>([]);
  /** Outputs of the chosen encoder that can serve as feature maps. */
  outputs = $state.raw<readonly string[]>([]);
  readonly #window: WindowState;
  readonly #project: ProjectState;

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.#project = project;
  }

  async loadEncoders(): Promise<void> {
    const answer = await this.#window.try(() => engine.models.list());
    this.encoders = answer?.models.filter(({ kind }) => kind === 'encoder') ?? [];
  }

  async chooseFeatures(features: string): Promise<void> {
    this.features = features;
    this.outputs = [];
    this.output = '';
    if (features === 'gradients') return;
    const inspected = await this.#window.try(() => engine.models.inspect({ params: { model: features } }));
    if (this.features !== features) return;
    this.outputs = inspected?.encoderOutputs ?? [];
    this.output = this.outputs.at(-1) ?? '';
  }

  /** As the engine takes it. */
  get request(): { readonly features: Features; readonly seed: number; readonly selection?: SelectionRequest } {
    const { features, output, seed } = this;
    const selection = this.onlySelected ? this.#project.selection.request : undefined;
    return {
      seed,
      features: features === 'gradients' ? 'gradients' : { model: features, ...(output === '' ? {} : { output }) },
      ...(selection === undefined ? {} : { selection }),
    };
  }
}
