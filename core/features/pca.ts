import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { FeatureExtractor, Projection } from './feature-maps.ts';

/**
 * Fits the whitening projection of a set: principal components of the cells with their context, each divided by the
 * fourth root of its eigenvalue.
 *
 * `maps` are raw maps `[count, channels, cells, cells]`; `masks` `[count, cells, cells]` say which cells count.
 * Deterministic. Components without variance are dropped from the weights (left zero).
 */
export function fitProjection(
  extractor: Pick<FeatureExtractor, 'channels' | 'context'>,
  maps: Float32Array,
  masks: Float32Array,
  cells: number,
): Projection {
  const { kernel, dilation, components } = extractor.context;
  const { channels } = extractor;
  const length = channels * kernel * kernel;
  const sum = new Float64Array(length);
  const products = new Float64Array(length * length);
  const sample = new Float64Array(length);
  const reach = kernel === 3 ? dilation : 0;
  const plane = cells * cells;
  let seen = 0;
  for (let n = 0; n * plane < masks.length; n++) {
    for (let row = reach; row < cells - reach; row++) {
      for (let column = reach; column < cells - reach; column++) {
        if (masks[n * plane + row * cells + column] === 0) continue;
        gather(maps, n * channels * plane, channels, plane, cells, row, column, kernel, dilation, sample);
        accumulate(sample, sum, products);
        seen++;
      }
    }
  }
  const mean = sum.map((value) => value / Math.max(1, seen));
  const covariance = Array.from({ length }, (_, i) =>
    Array.from({ length }, (__, j) => {
      const [a, b] = i <= j ? [i, j] : [j, i];
      return products[a * length + b] / Math.max(1, seen) - mean[i] * mean[j];
    }),
  );
  const decomposition = new EigenvalueDecomposition(new Matrix(covariance), { assumeSymmetric: true });
  const order = decomposition.realEigenvalues
    .map((value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value)
    .slice(0, Math.min(components, length));
  const vectors = decomposition.eigenvectorMatrix;
  const floor = Math.max(order[0].value, 1e-12) * 1e-6;
  const kept = Math.min(components, length);
  const weights = new Float32Array(kept * length);
  const bias = new Float32Array(kept);
  order.forEach(({ value, index }, k) => {
    if (value <= floor) return;
    const sign = firstSign(vectors, index, length);
    let shift = 0;
    for (let i = 0; i < length; i++) {
      const weight = (sign * vectors.get(i, index)) / value ** 0.25;
      weights[k * length + i] = weight;
      shift -= weight * mean[i];
    }
    bias[k] = shift;
  });
  return { components: kept, channels, kernel, dilation, weights, bias };
}

function gather(
  maps: Float32Array,
  start: number,
  channels: number,
  plane: number,
  cells: number,
  row: number,
  column: number,
  kernel: number,
  dilation: number,
  sample: Float64Array,
): void {
  let k = 0;
  const centre = (kernel - 1) / 2;
  for (let c = 0; c < channels; c++)
    for (let dy = -centre; dy <= centre; dy++)
      for (let dx = -centre; dx <= centre; dx++)
        sample[k++] = maps[start + c * plane + (row + dy * dilation) * cells + column + dx * dilation];
}

function accumulate(sample: Float64Array, sum: Float64Array, products: Float64Array): void {
  const length = sample.length;
  for (let i = 0; i < length; i++) {
    const value = sample[i];
    sum[i] += value;
    for (let j = i; j < length; j++) products[i * length + j] += value * sample[j];
  }
}

/** Eigenvectors have no sign of their own: the entry of largest size is made positive. */
function firstSign(vectors: Matrix, column: number, length: number): number {
  let largest = 0;
  for (let i = 0; i < length; i++)
    if (Math.abs(vectors.get(i, column)) > Math.abs(largest) + 1e-12) largest = vectors.get(i, column);
  return largest < 0 ? -1 : 1;
}
