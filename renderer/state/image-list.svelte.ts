import { engine } from '../api/client.ts';
import type { Filter, ImageRow } from '../api/types.ts';

/** Which images, in which order. */
export interface ImageQuery extends Filter {
  readonly sort?: 'name' | 'added' | 'bytes' | 'pixels' | 'status' | 'score';
  readonly by?: string | undefined;
  readonly direction?: 'ascending' | 'descending';
}

interface Page {
  readonly rows: readonly ImageRow[];
  /** Which asking it belongs to: older ones are shown until they are replaced. */
  readonly generation: number;
}

const pageLength = 100;
const mostPages = 80;
const mostAsked = 3;

/**
 * A filtered and sorted collection of any length, of which only the pages are held that are looked at. What changes is
 * asked for again while the old rows stay.
 */
export class ImageList {
  total = $state(0);
  /** False until the first answer to the present query. */
  isKnown = $state(false);
  failure = $state.raw<unknown>(undefined);
  #pages = $state.raw<ReadonlyMap<number, Page>>(new Map());
  readonly #project: string;
  #query: ImageQuery = {};
  #generation = 0;
  /** Where pages begin, by number, in the present generation. */
  #cursors = new Map<number, string | null>([[0, null]]);
  #wanted = { from: 0, to: pageLength, first: 0 };
  readonly #asked = new Set<number>();

  constructor(project: string) {
    this.#project = project;
  }

  row(index: number): ImageRow | undefined {
    return this.#pages.get(Math.floor(index / pageLength))?.rows.at(index % pageLength);
  }

  /** Where an image is among the rows that are held. */
  indexOf(image: string): number | undefined {
    for (const [page, { rows }] of this.#pages) {
      const at = rows.findIndex(({ id }) => id === image);
      if (at >= 0) return page * pageLength + at;
    }
    return undefined;
  }

  /** Takes another query: what is held of the last one is dropped. */
  ask(query: ImageQuery): void {
    this.#query = query;
    this.#pages = new Map();
    this.isKnown = false;
    this.refresh();
  }

  /** Asks again for what is looked at. */
  refresh(): void {
    this.#generation += 1;
    this.#cursors = new Map([[0, null]]);
    this.#asked.clear();
    this.#askOn();
  }

  /** Says which rows are looked at or soon will be: [from, to), those around `first` before all others. */
  want(from: number, to: number, first: number): void {
    this.#wanted = { from, to, first };
    this.#askOn();
  }

  /** Ids of a range of any length, [from, to). */
  async ids(from: number, to: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let index = from; index < to; index++) {
      const row = this.row(index);
      if (row === undefined) break;
      ids.push(row.id);
    }
    // A cursor is for the query that it was asked with.
    const query = this.#query;
    let cursor = ids.length < to - from ? await this.#seek(query, from + ids.length) : null;
    while (ids.length < to - from) {
      const page = await this.#page(query, cursor, Math.min(500, to - from - ids.length));
      ids.push(...page.images.map(({ id }) => id));
      cursor = page.next;
      if (cursor === null) break;
    }
    return ids;
  }

  #askOn(): void {
    // Before the first query nobody knows what to ask for.
    if (this.#generation === 0) return;
    const first = Math.floor(this.#wanted.from / pageLength);
    const last = Math.floor((Math.max(this.#wanted.to, 1) - 1) / pageLength);
    const middle = this.#wanted.first / pageLength - 0.5;
    const pages = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    for (const page of pages.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))) {
      if (this.#asked.size >= mostAsked) return;
      // How many there are comes with the first page.
      const isBeyond = page > 0 && (!this.isKnown || page * pageLength >= this.total);
      if (isBeyond || this.#asked.has(page) || this.#pages.get(page)?.generation === this.#generation) continue;
      this.#asked.add(page);
      void this.#load(page, this.#generation);
    }
  }

  async #load(page: number, generation: number): Promise<void> {
    try {
      const [query, known] = [this.#query, this.#cursors.get(page)];
      const cursor = known === undefined ? await this.#seek(query, page * pageLength) : known;
      const { images, next, total } = await this.#page(query, cursor, pageLength);
      if (generation !== this.#generation) return;
      if (next !== null) this.#cursors.set(page + 1, next);
      this.total = total;
      this.isKnown = true;
      this.failure = undefined;
      this.#pages = this.#keepNear(new Map([...this.#pages, [page, { rows: images, generation }]]));
    } catch (error) {
      if (generation !== this.#generation) return;
      this.failure = error;
      this.#asked.delete(page);
      return;
    }
    this.#asked.delete(page);
    this.#askOn();
  }

  /** Drops the pages that are farthest from what is looked at. */
  #keepNear(pages: Map<number, Page>): ReadonlyMap<number, Page> {
    if (pages.size <= mostPages) return pages;
    const middle = (this.#wanted.from + this.#wanted.to) / 2 / pageLength;
    const nearest = [...pages].sort(([a], [b]) => Math.abs(a - middle) - Math.abs(b - middle));
    return new Map(nearest.slice(0, mostPages / 2));
  }

  async #seek(query: ImageQuery, position: number): Promise<string | null> {
    if (position === 0) return null;
    const params = { project: this.#project };
    return (await engine.images.seek({ params, query: { ...query, position } })).cursor;
  }

  #page(query: ImageQuery, cursor: string | null, limit: number) {
    const params = { project: this.#project };
    return engine.images.page({ params, query: { ...query, limit, ...(cursor === null ? {} : { cursor }) } });
  }
}
