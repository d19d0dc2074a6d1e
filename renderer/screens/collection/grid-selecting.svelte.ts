import type { ImageList } from '../../state/image-list.svelte.ts';
import type { Selection } from '../../state/selection.svelte.ts';
import type { CollectionView } from './collection-view.svelte.ts';
import type { GridLayout } from './grid-layout.ts';
import { keyLeadsTo } from './grid-layout.ts';

/** Which of the keys that matter for selecting are held. */
export interface HeldKeys {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

const adds = ({ ctrlKey, metaKey }: HeldKeys) => ctrlKey || metaKey;

/** Selecting with mouse and keyboard as in a file manager. */
export class GridSelecting {
  /** The cell that the keyboard is on. */
  index = $state(0);
  /** From where Shift selects. */
  #anchor = 0;
  #latest = 0;
  readonly #list: ImageList;
  readonly #selection: Selection;
  readonly #view: Pick<CollectionView, 'conditions'>;

  constructor(list: ImageList, selection: Selection, view: Pick<CollectionView, 'conditions'>) {
    this.#list = list;
    this.#selection = selection;
    this.#view = view;
  }

  /** Another order or filter: the keyboard follows its image where that is known, and stays at its cell otherwise. */
  rearranged(): void {
    const { current } = this.#selection;
    const cell = Math.max(0, Math.min(this.index, this.#list.total - 1));
    this.index = (current === undefined ? undefined : this.#list.indexOf(current)) ?? cell;
    this.#anchor = this.index;
  }

  click(index: number, held: HeldKeys): void {
    const image = this.#list.row(index)?.id;
    if (image === undefined) return;
    this.index = index;
    if (held.shiftKey) {
      void this.#selectTo(index, adds(held));
      return;
    }
    this.#anchor = index;
    if (adds(held)) this.#selection.toggle(image);
    else this.#selection.set([image], image);
  }

  /** Does what a key means; false where it means nothing here. */
  press(key: string, held: HeldKeys, layout: GridLayout, height: number): boolean {
    const to = keyLeadsTo(layout, this.index, key, height);
    if (to !== undefined) {
      this.index = to;
      if (held.shiftKey) void this.#selectTo(to, adds(held));
      else if (!adds(held)) {
        this.#anchor = to;
        void this.#selectTo(to, false);
      } else this.#selection.current = this.#list.row(to)?.id;
      return true;
    }
    if (key !== ' ') return false;
    this.click(this.index, { ...held, ctrlKey: true });
    return true;
  }

  /** Selects what a rubber band touches, beside what was selected before it where keys are held. */
  band(cells: readonly number[], before: readonly string[]): void {
    const touched = cells.flatMap((index) => this.#list.row(index)?.id ?? []);
    this.#selection.set([...before, ...touched], touched.at(-1));
  }

  all(): void {
    if (this.#list.total > 0) this.#selection.setAll(this.#view.conditions, this.#list.total);
  }

  /** From the anchor to a cell; rows that are not held are asked for. */
  async #selectTo(index: number, add: boolean): Promise<void> {
    const asking = ++this.#latest;
    const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index) + 1];
    if (from === 0 && to === this.#list.total && to > 1) {
      this.all();
      return;
    }
    const ids = await this.#list.ids(from, to);
    if (asking !== this.#latest) return;
    const current = index >= this.#anchor ? ids.at(-1) : ids.at(0);
    if (add) {
      this.#selection.add(ids);
      this.#selection.current = current;
    } else this.#selection.set(ids, current);
  }
}
