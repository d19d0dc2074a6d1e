import { RecentCache } from './recent-cache.ts';
import type { TilePlace } from './tile-places.ts';

/** How many tiles are asked for at once: more would only queue in front of what is looked at next. */
const mostAtOnce = 4;

/** Tiles kept after use: at 512 pixels a side about 200 MB. */
const mostKept = 192;

/** A place that could not be had is asked for again after so many milliseconds. */
const retryAfter = 4000;

function keyOf({ level, column, row }: TilePlace): string {
  return `${level}/${column}/${row}`;
}

/** The tiles of one original: asks for those that are wanted now, keeps those used last. */
export class TileStore {
  readonly #tiles = new RecentCache<ImageBitmap>(mostKept, (bitmap) => bitmap.close());
  readonly #loading = new Map<string, AbortController>();
  readonly #failed = new Map<string, number>();
  readonly #addressOf: (place: TilePlace) => string;
  readonly #onload: () => void;
  #wanted: readonly TilePlace[] = [];
  #isClosed = false;

  constructor(addressOf: (place: TilePlace) => string, onload: () => void) {
    this.#addressOf = addressOf;
    this.#onload = onload;
  }

  get(place: TilePlace): ImageBitmap | undefined {
    return this.#tiles.get(keyOf(place));
  }

  /** True while something that is wanted has not come. */
  get isBusy(): boolean {
    return this.#loading.size > 0;
  }

  /** Says what is wanted from now on, most urgent first; what is no longer wanted is given up. */
  want(places: readonly TilePlace[]): void {
    this.#wanted = places;
    const keys = new Set(places.map(keyOf));
    for (const [key, loading] of this.#loading) if (!keys.has(key)) loading.abort();
    this.#fill();
  }

  close(): void {
    this.#isClosed = true;
    for (const loading of this.#loading.values()) loading.abort();
    this.#tiles.clear();
  }

  #fill(): void {
    for (const place of this.#wanted) {
      if (this.#loading.size >= mostAtOnce) return;
      const key = keyOf(place);
      if (this.#tiles.has(key) || this.#loading.has(key)) continue;
      if (performance.now() - (this.#failed.get(key) ?? -Infinity) < retryAfter) continue;
      void this.#load(key, place);
    }
  }

  async #load(key: string, place: TilePlace): Promise<void> {
    const ending = new AbortController();
    this.#loading.set(key, ending);
    try {
      const answer = await fetch(this.#addressOf(place), { signal: ending.signal });
      if (!answer.ok) throw new Error(`The engine answered ${answer.status} for tile ${key}.`);
      const bitmap = await createImageBitmap(await answer.blob());
      if (this.#isClosed) bitmap.close();
      else this.#tiles.set(key, bitmap);
    } catch {
      // What is coarser stays in its place; it is asked for again with a later look.
      if (!ending.signal.aborted) this.#failed.set(key, performance.now());
    }
    this.#loading.delete(key);
    if (this.#isClosed) return;
    this.#onload();
    this.#fill();
  }
}
