import type { Filter, Selection as SelectionRequest } from '../api/types.ts';

/**
 * Which images are selected: some by id, or all that a filter lets through but for some. The second form holds 100,000
 * images without naming them.
 */
export class Selection {
  #named = $state.raw<ReadonlySet<string>>(new Set());
  #all = $state.raw<{ readonly filter: Filter; readonly total: number } | undefined>(undefined);
  /** The image that the keyboard is on. */
  current = $state.raw<string | undefined>(undefined);

  get count(): number {
    return this.#all === undefined ? this.#named.size : Math.max(0, this.#all.total - this.#named.size);
  }

  get isAll(): boolean {
    return this.#all !== undefined;
  }

  has(image: string): boolean {
    return this.#named.has(image) !== (this.#all !== undefined);
  }

  /** The named images; those of `all` are known to the engine only. */
  get images(): readonly string[] {
    return this.#all === undefined ? [...this.#named] : [];
  }

  set(images: Iterable<string>, current?: string): void {
    this.#all = undefined;
    this.#named = new Set(images);
    this.current = current ?? this.current;
  }

  add(images: Iterable<string>): void {
    if (this.#all === undefined) this.#named = new Set([...this.#named, ...images]);
    else this.#named = this.#named.difference(new Set(images));
  }

  toggle(image: string): void {
    const named = new Set(this.#named);
    if (!named.delete(image)) named.add(image);
    this.#named = named;
    this.current = image;
  }

  setAll(filter: Filter, total: number): void {
    this.#all = { filter, total };
    this.#named = new Set();
  }

  clear(): void {
    this.#all = undefined;
    this.#named = new Set();
  }

  /** As commands of the engine take it; undefined where nothing is selected. */
  get request(): SelectionRequest | undefined {
    if (this.count === 0) return undefined;
    if (this.#all !== undefined) return { filter: this.#all.filter, except: [...this.#named] };
    return { images: [...this.#named] };
  }
}
