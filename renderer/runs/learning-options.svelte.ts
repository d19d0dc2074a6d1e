import { engine } from '../api/client.ts';
import type { Selection } from '../api/types.ts';
import type { Model } from '../../core/contract/commands/models.ts';
import type { ProjectState } from '../state/project.svelte.ts';
import type { WindowState } from '../state/window.svelte.ts';
import { SampleOptions } from './sample-options.svelte.ts';

/** What the images are described by, as a run is asked for it. */
type Features = 'gradients' | { readonly model: string; readonly output?: string };

/** What searches and alignments are asked for: what describes the images, which of them, and the seed. */
export class LearningOptions {
  readonly sample: SampleOptions;
  /** `gradients`, or the id of an encoder. */
  features = $state('gradients');
  output = $state('');
  encoders = $state.raw<readonly Model[]>([]);
  /** Outputs of the chosen encoder that can serve as feature maps. */
  outputs = $state.raw<readonly string[]>([]);
  readonly #window: WindowState;

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.sample = new SampleOptions(project);
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
  get request(): { readonly features: Features; readonly seed: number; readonly selection?: Selection } {
    const { features, output, sample } = this;
    return {
      seed: sample.seed,
      features: features === 'gradients' ? 'gradients' : { model: features, ...(output === '' ? {} : { output }) },
      ...sample.which,
    };
  }
}
