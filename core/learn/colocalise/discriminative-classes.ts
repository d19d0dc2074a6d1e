import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { CongealError } from '../../contract/errors.ts';

/** Descriptions of the cells of all images, `[count, rows * columns, channels]`, the set's mean subtracted. */
export interface CellMaps {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** What a cell counts as while the object is being told from its surroundings. */
export const cellClass = { neither: 0, object: 1, surroundings: 2 } as const;

/** Number, sum and products of some cells' descriptions; `products` is a lower triangle, row by row. */
export interface Moments {
  count: number;
  readonly sum: Float64Array;
  readonly products: Float64Array;
}

/** A linear measure of how much a cell looks like the object: `weights . cell - middle`. */
export interface Direction {
  readonly weights: Float64Array;
  readonly middle: number;
}

/** Moments of the cells of one class, or of all cells. */
export function momentsOf({ channels, data }: CellMaps, classes?: Uint8Array, wanted?: number): Moments {
  const sum = new Float64Array(channels);
  const products = new Float64Array((channels * (channels + 1)) / 2);
  const cell = new Float64Array(channels);
  let count = 0;
  for (let i = 0, from = 0; from < data.length; i++, from += channels) {
    if (classes && classes[i] !== wanted) continue;
    count++;
    for (let a = 0; a < channels; a++) cell[a] = data[from + a];
    for (let a = 0, at = 0; a < channels; a++) {
      const value = cell[a];
      sum[a] += value;
      for (let b = 0; b <= a; b++) products[at++] += value * cell[b];
    }
  }
  return { count, sum, products };
}

/** Moments of what remains of `all` without `parts`. */
export function without(all: Moments, ...parts: readonly Moments[]): Moments {
  const rest = { count: all.count, sum: all.sum.slice(), products: all.products.slice() };
  for (const part of parts) {
    rest.count -= part.count;
    for (let i = 0; i < rest.sum.length; i++) rest.sum[i] -= part.sum[i];
    for (let i = 0; i < rest.products.length; i++) rest.products[i] -= part.products[i];
  }
  return rest;
}

/**
 * Fisher's linear discriminant: w = (S + shrinkage mean(diag S) I)^-1 (mean of object - mean of surroundings), S the
 * covariance within the classes; `middle` lies half way between the two means.
 *
 * **Throws** CongealError `images-blank` when the cells do not differ at all.
 */
export function discriminant(object: Moments, surroundings: Moments, shrinkage: number): Direction {
  const channels = object.sum.length;
  const total = object.count + surroundings.count;
  const [near, far] = [object, surroundings].map(({ sum, count }) => sum.map((value) => value / Math.max(1, count)));
  const within = Matrix.zeros(channels, channels);
  let trace = 0;
  for (let a = 0, at = 0; a < channels; a++) {
    for (let b = 0; b <= a; b++, at++) {
      const scatter = object.products[at] + surroundings.products[at];
      const between = object.count * near[a] * near[b] + surroundings.count * far[a] * far[b];
      const value = (scatter - between) / Math.max(1, total);
      within.set(a, b, value);
      within.set(b, a, value);
    }
    trace += within.get(a, a);
  }
  if (!(trace > 1e-12 * channels))
    throw new CongealError(
      'images-blank',
      'The encoder sees no difference between any two places of these images; they may be blank. Check the images.',
    );
  for (let a = 0; a < channels; a++) within.set(a, a, within.get(a, a) + (shrinkage * trace) / channels);
  const apart = Matrix.columnVector(Array.from(near, (value, a) => value - far[a]));
  const weights = Float64Array.from(new CholeskyDecomposition(within).solve(apart).to1DArray());
  return { weights, middle: weights.reduce((sum, w, a) => sum + (w * (near[a] + far[a])) / 2, 0) };
}

/** How much every cell looks like the object: `[count, rows * columns]`. */
export function measure({ channels, data }: CellMaps, { weights, middle }: Direction): Float32Array {
  const measured = new Float32Array(data.length / channels);
  for (let i = 0, from = 0; i < measured.length; i++) {
    let sum = -middle;
    for (let a = 0; a < channels; a++) sum += weights[a] * data[from++];
    measured[i] = sum;
  }
  return measured;
}

/** Otsu's effectiveness of a threshold: the share of all variance that lies between the two classes, 0 to 1. */
export function effectiveness(values: Float32Array, threshold: number): number {
  let [sum, squares, above, aboveSum] = [0, 0, 0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
    if (value <= threshold) continue;
    above++;
    aboveSum += value;
  }
  const count = values.length;
  const below = count - above;
  const variance = squares / count - (sum / count) ** 2;
  if (above === 0 || below === 0 || !(variance > 0)) return 0;
  const apart = aboveSum / above - (sum - aboveSum) / below;
  return ((above / count) * (below / count) * apart * apart) / variance;
}
