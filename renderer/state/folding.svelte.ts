import { remembered } from './remembered.svelte.ts';

const key = 'inspector';

/** Whether the panel on the right is folded away, on all screens alike; remembered by this browser. */
class Folding {
  readonly #folded = remembered<'yes' | 'no'>(key, ['yes', 'no'], innerWidth < 900 ? 'yes' : 'no');

  get isFolded(): boolean {
    return this.#folded.value === 'yes';
  }

  set isFolded(folded: boolean) {
    this.#folded.value = folded ? 'yes' : 'no';
  }
}

export const folding = new Folding();
