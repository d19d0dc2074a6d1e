import { isAffine, jacobian, multiply, scale, singularValues, type Matrix3 } from '../geometry/matrix.ts';
import { sampleRaster, type SampleOptions } from './sample.ts';
import type { Raster } from './raster.ts';

/**
 * Builds smaller and smaller copies of an image, each about half the size of the one before, down to 1 x 1.
 *
 * Level 0 is the image itself. Level l + 1 has ceil(width / 2) x ceil(height / 2) pixels, each the mean of the part of
 * level l that it covers: plain 2 x 2 means for even sizes, means with fractional edges for odd ones.
 *
 * **Convention**: every level covers exactly the same picture, so pixel points scale by width_l / width and
 * height_l / height and unit coordinates are the same at all levels. Split pixels pull the centre of mass of a cell by up
 * to an eighth of the cell; with even sizes it is exact.
 */
export function buildPyramid<Image extends Raster>(raster: Image): Image[] {
  const levels = [raster];
  for (;;) {
    const last = levels[levels.length - 1];
    if (last.width <= 1 && last.height <= 1) return levels;
    levels.push(halve(last));
  }
}

/**
 * The distance in source pixels between neighbouring samples, in the direction in which it is longest: the largest
 * singular value of the map's Jacobian, taken at the centre and at the corners of the target.
 *
 * **Convention**: `matrix` maps target pixel points to source pixel points. Infinite when w changes its sign within the
 * target.
 */
export function samplingStep(matrix: Matrix3, width: number, height: number): number {
  if (isAffine(matrix)) return singularValues(matrix[0], matrix[1], matrix[3], matrix[4])[0];
  let largest = 0;
  let [positive, negative] = [false, false];
  for (const [x, y] of [
    [0, 0] as const,
    [width, 0] as const,
    [0, height] as const,
    [width, height] as const,
    [width / 2, height / 2] as const,
  ]) {
    const w = matrix[6] * x + matrix[7] * y + matrix[8];
    positive ||= w >= 0;
    negative ||= w <= 0;
    const [a, b, c, d] = jacobian(matrix, x, y);
    largest = Math.max(largest, singularValues(a, b, c, d)[0]);
  }
  return positive && negative ? Infinity : largest;
}

/**
 * Chooses the level from which a map is sampled without skipping pixels: the finest one at which the sampling step is at
 * most 2 of its pixels in every direction. Because a level is at most twice as coarse as the one before, the step is
 * then between 1 and 2, or below 1 at level 0.
 */
export function levelForScale(pyramid: readonly Raster[], matrix: Matrix3, width: number, height: number): number {
  for (let level = 0; level < pyramid.length; level++) {
    if (samplingStep(levelMatrix(pyramid, level, matrix), width, height) <= 2) return level;
  }
  return pyramid.length - 1;
}

/** Rewrites a map to level 0's pixel points as a map to those of another level. */
export function levelMatrix(pyramid: readonly Raster[], level: number, matrix: Matrix3): Matrix3 {
  if (level === 0) return matrix;
  const x = pyramid[level].width / pyramid[0].width;
  const y = pyramid[level].height / pyramid[0].height;
  return multiply(scale(x, y), matrix);
}

/** Where each pixel of a halved line begins, and how much of its first, middle and last source pixel it takes. */
function taps(length: number): { start: Int32Array; weights: Float64Array; count: number } {
  const count = Math.ceil(length / 2);
  const step = length / count;
  const start = new Int32Array(count);
  const weights = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) {
    /* Whole numbers over count, so that no edge is off by a rounding error. */
    const [first, last] = [(i * length) / count, ((i + 1) * length) / count];
    start[i] = Math.floor(first);
    for (let k = 0; k < 3; k++) {
      const cover = Math.min(last, start[i] + k + 1) - Math.max(first, start[i] + k);
      weights[i * 3 + k] = Math.max(0, cover) / step;
    }
  }
  return { start, weights, count };
}

function halve<Image extends Raster>(raster: Image): Image {
  const { width, height, channels, data } = raster;
  const columns = taps(width);
  const rows = taps(height);
  const make = data.constructor as new (length: number) => Image['data'];
  const out = new make(channels * columns.count * rows.count);
  const half = data instanceof Float32Array ? 0 : 0.5;
  const even = width % 2 === 0 && height % 2 === 0;
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * width * height;
    for (let y = 0; y < rows.count; y++) {
      if (even) {
        let from = plane + 2 * y * width;
        for (let x = 0; x < columns.count; x++, from += 2) {
          out[to++] = (data[from] + data[from + 1] + data[from + width] + data[from + width + 1]) * 0.25 + half;
        }
        continue;
      }
      for (let x = 0; x < columns.count; x++) {
        let sum = 0;
        for (let v = 0; v < 3; v++) {
          const weight = rows.weights[y * 3 + v];
          if (weight === 0) continue;
          const line = plane + (rows.start[y] + v) * width + columns.start[x];
          for (let u = 0; u < 3; u++) {
            const share = columns.weights[x * 3 + u];
            if (share !== 0) sum += weight * share * data[line + u];
          }
        }
        out[to++] = sum + half;
      }
    }
  }
  return { ...raster, width: columns.count, height: rows.count, data: out };
}

/**
 * Samples an image without aliasing: from the pyramid level that `levelForScale` chooses.
 *
 * **Convention**: `matrix` maps target pixel points to pixel points of level 0.
 */
export function samplePyramid(
  pyramid: readonly Raster[],
  matrix: Matrix3,
  width: number,
  height: number,
  options: SampleOptions = {},
): Raster<Float32Array> {
  const level = levelForScale(pyramid, matrix, width, height);
  return sampleRaster(pyramid[level], levelMatrix(pyramid, level, matrix), width, height, options);
}
