import { CongealError } from '../../contract/errors.ts';
import { breathe } from '../breathe.ts';
import type { ProgressEvent } from '../event.ts';
import {
  cellClass,
  type CellMaps,
  type Direction,
  discriminant,
  effectiveness,
  measure,
  type Moments,
  momentsOf,
  without,
} from './discriminative-classes.ts';
import { smoothMaps, strongestRegion, upperQuantile } from './discriminative-regions.ts';

/** What is told to the search of the object that images have in common. */
export interface SearchOptions {
  /** Share of the area of all images that belongs to the object; `auto` tries several. */
  readonly objectSize: 'auto' | number;
  /** Rounds of telling object and surroundings apart; default 10. */
  readonly rounds?: number;
}

/** What tells the object from its surroundings. */
export interface FoundObject {
  readonly direction: Direction;
  /** Smoothed measures above this belong to the object. */
  readonly threshold: number;
  /** Share of all cells above the threshold. */
  readonly objectSize: number;
  /** Otsu's effectiveness of the threshold, 0 to 1. */
  readonly separation: number;
  /** Separation of every object size that was tried. */
  readonly tried: readonly { readonly objectSize: number; readonly separation: number }[];
}

const sizes = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45] as const;
const shrinkage = 0.1;
const centralSide = 0.5;
const outerRing = 0.1;
/** Otsu's measure favours halves: among sizes whose separation is nearly the best, the smallest is taken. */
const nearlyBest = 0.995;

/**
 * Finds what a set of images has in common: starting from "the middle against the border", learns a linear measure of
 * object against surroundings, keeps the strongest region of each image above a threshold shared by all, and repeats.
 *
 * The threshold is the quantile over all cells of all images that keeps the total area at `objectSize`; this is what
 * stops the regions from shrinking and growing.
 *
 * **Throws** CongealError `too-few-images`, `images-blank` or `usage`.
 */
export async function* discriminativeSearch(
  maps: CellMaps,
  options: SearchOptions,
  signal?: AbortSignal,
): AsyncGenerator<ProgressEvent, FoundObject> {
  const { objectSize, rounds = 10 } = options;
  if (maps.count < 2)
    throw new CongealError(
      'too-few-images',
      `A common object needs at least 2 images; ${maps.count} can be used. Add images of the same kind of thing.`,
    );
  if (objectSize !== 'auto' && !(objectSize > 0 && objectSize < 1))
    throw new CongealError('usage', `The object size is a share of the image between 0 and 1; found ${objectSize}.`);
  const wanted = objectSize === 'auto' ? sizes : [objectSize];
  const all = momentsOf(maps);
  const found: Omit<FoundObject, 'tried'>[] = [];
  for (const size of wanted) {
    let classes = startingClasses(maps);
    let current: Omit<FoundObject, 'tried'> | undefined;
    for (let round = 0; round < rounds; round++) {
      const direction = discriminant(...classMoments(maps, classes, all), shrinkage);
      const measured = smoothMaps(measure(maps, direction), maps.rows, maps.columns);
      const threshold = upperQuantile(measured, size);
      current = { direction, threshold, objectSize: size, separation: effectiveness(measured, threshold) };
      if (round < rounds - 1) classes = classesOf(maps, measured, threshold);
      await breathe(signal);
      const done = found.length * rounds + round + 1;
      yield { kind: 'progress', phase: 'search', done, total: wanted.length * rounds };
    }
    if (current) found.push(current);
  }
  const best = Math.max(...found.map(({ separation }) => separation));
  const chosen = found.find(({ separation }) => separation >= nearlyBest * best) ?? found[0];
  return { ...chosen, tried: found.map(({ objectSize: tried, separation }) => ({ objectSize: tried, separation })) };
}

/** Object: the central square of half the side; surroundings: the outer tenth on every side. */
function startingClasses({ count, rows, columns }: CellMaps): Uint8Array {
  const classes = new Uint8Array(count * rows * columns);
  for (let i = 0; i < classes.length; i++) {
    const x = ((i % columns) + 0.5) / columns - 0.5;
    const y = ((Math.floor(i / columns) % rows) + 0.5) / rows - 0.5;
    const out = Math.max(Math.abs(x), Math.abs(y));
    if (out < centralSide / 2) classes[i] = cellClass.object;
    else if (out > 0.5 - outerRing) classes[i] = cellClass.surroundings;
  }
  return classes;
}

/** Object: above the threshold within the box of the strongest region; surroundings: below it anywhere. */
function classesOf({ count, rows, columns }: CellMaps, measured: Float32Array, threshold: number): Uint8Array {
  const cells = rows * columns;
  const classes = new Uint8Array(count * cells);
  for (let n = 0; n < count; n++) {
    const map = measured.subarray(n * cells, (n + 1) * cells);
    const region = strongestRegion(map, rows, columns, threshold);
    for (let i = 0; i < cells; i++) {
      const x = i % columns;
      const y = (i - x) / columns;
      const inside = region && x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
      if (map[i] <= threshold) classes[n * cells + i] = cellClass.surroundings;
      else if (inside) classes[n * cells + i] = cellClass.object;
    }
  }
  return classes;
}

/** Moments of object and surroundings; the smaller classes are added up, the rest follows from the sum of all. */
function classMoments(maps: CellMaps, classes: Uint8Array, all: Moments): [Moments, Moments] {
  const object = momentsOf(maps, classes, cellClass.object);
  return [object, without(all, object, momentsOf(maps, classes, cellClass.neither))];
}
