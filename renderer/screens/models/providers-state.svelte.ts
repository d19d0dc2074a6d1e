import { engine } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import type { WindowState } from '../../state/window.svelte.ts';

type Listed = AnswerOf<'providers.list'>;
type Measured = AnswerOf<'providers.measure'>['measured'];

/** Where networks can be computed on this machine, and how fast. */
export class ProvidersState {
  list = $state.raw<Listed['providers']>([]);
  chosen = $state.raw<Listed['chosen'] | undefined>(undefined);
  measured = $state.raw<Readonly<Partial<Record<string, Measured>>>>({});
  busy = $state<string | undefined>(undefined);
  readonly #window: WindowState;

  constructor(window: WindowState) {
    this.#window = window;
  }

  async load(): Promise<void> {
    const answer = await this.#window.try(() => engine.providers.list());
    if (answer === undefined) return;
    this.list = answer.providers;
    this.chosen = answer.chosen;
  }

  /** Tries a provider, and where it works measures it. */
  async measure(provider: Listed['providers'][number]['name']): Promise<void> {
    this.busy = provider;
    const params = { provider };
    const probed = await this.#window.try(() => engine.providers.probe({ params }));
    if (probed?.state === 'works') {
      const answer = await this.#window.try(() => engine.providers.measure({ params }));
      if (answer !== undefined) this.measured = { ...this.measured, [provider]: answer.measured };
    }
    this.busy = undefined;
    await this.load();
  }

  async choose(provider: Listed['chosen']['provider']): Promise<void> {
    const body = { provider, threads: this.chosen?.threads ?? null };
    this.chosen = (await this.#window.try(() => engine.providers.choose({ body }))) ?? this.chosen;
  }
}
