import { matMul } from '../graph/ops/linear.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';

/** Taps of a Gaussian of standard deviation `sigma` cut off at `radius`, sum 1: `2 radius + 1` numbers. */
export function gaussianTaps(sigma: number, radius: number): number[] {
  const taps = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)));
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** Full convolution of two lists of taps. */
export function convolveTaps(a: readonly number[], b: readonly number[]): number[] {
  const taps = Array.from({ length: a.length + b.length - 1 }, () => 0);
  a.forEach((x, i) => b.forEach((y, j) => (taps[i + j] += x * y)));
  return taps;
}

/** How a filter moves along an axis. */
export interface FilterOptions {
  readonly stride: number;
  /** Pixels by which the first tap lies before the first pixel of a cell. */
  readonly before: number;
  /** Outside the image: its border pixel again, or nothing. */
  readonly edge: boolean;
}

/**
 * The filter along one axis as a matrix `[size, size / stride]`, row-major: entry (i, o) is the weight of pixel i in
 * output o. Borders are part of the matrix.
 */
export function filterMatrix(
  taps: readonly number[],
  size: number,
  { stride, before, edge }: FilterOptions,
): Float32Array {
  const outputs = Math.floor(size / stride);
  const matrix = new Float32Array(size * outputs);
  for (let o = 0; o < outputs; o++)
    taps.forEach((tap, t) => {
      const i = o * stride - before + t;
      if (i >= 0 && i < size) matrix[i * outputs + o] += tap;
      else if (edge) matrix[(i < 0 ? 0 : size - 1) * outputs + o] += tap;
    });
  return matrix;
}

/**
 * Filters every channel of `[N, C, H, W]` with the same taps along both axes, as two matrix products: several times as
 * fast as convolutions with one channel each.
 */
export function smooth(g: Builder, x: Value, taps: readonly number[], options: FilterOptions): Value {
  return filterDown(g, filterAcross(g, x, taps, options), taps, options);
}

/** Filters along rows: the product of `[N, C, H, W]` with a constant matrix. */
export function filterAcross(g: Builder, x: Value, taps: readonly number[], options: FilterOptions): Value {
  const width = x.shape[3];
  const matrix = filterMatrix(taps, width, options);
  return matMul(g, x, g.constant(matrix, [width, matrix.length / width]));
}

/** Filters along columns. */
export function filterDown(g: Builder, x: Value, taps: readonly number[], options: FilterOptions): Value {
  const height = x.shape[2];
  const matrix = filterMatrix(taps, height, options);
  const rows = matrix.length / height;
  const turned = new Float32Array(matrix.length);
  for (let i = 0; i < height; i++) for (let o = 0; o < rows; o++) turned[o * height + i] = matrix[i * rows + o];
  return matMul(g, g.constant(turned, [rows, height]), x);
}
