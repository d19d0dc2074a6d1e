import type { Builder } from '../rule.ts';
import { sameShape } from '../tensor.ts';
import type { Value } from '../value.ts';
import { pad } from './indexing.ts';
import { fusedMatMul } from './linear.ts';
import { concat, reshape, slice, transpose } from './movement.ts';
import { reduceSum } from './reduce.ts';

/** Where a convolution's window goes: `pads` lists all begins, then all ends. */
export interface ConvolutionOptions {
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
  readonly dilations?: readonly number[];
  readonly group?: number;
}

/**
 * The gradient of convolution weights of shape `weights` [O, C / group, ...kernel] from the input x [N, C, ...] and the
 * output's gradient dy [N, O, ...]. One product per kernel offset is twice as fast as a convolution with batch and
 * channels swapped, which wins only where there is a single input channel.
 */
export function weightGradient(
  g: Builder,
  x: Value,
  dy: Value,
  weights: readonly number[],
  options: Required<ConvolutionOptions>,
): Value {
  return x.shape[1] === 1 ? bySwappedConvolution(g, x, dy, weights, options) : byOffset(g, x, dy, weights, options);
}

function bySwappedConvolution(
  g: Builder,
  x: Value,
  dy: Value,
  weights: readonly number[],
  { strides, pads, dilations }: Required<ConvolutionOptions>,
): Value {
  const order = [1, 0, ...strides.map((_, i) => i + 2)];
  const swapped = reshape(g, x, [1, x.shape[0], ...x.shape.slice(2)]);
  const kernel = transpose(g, dy, order);
  const attributes = { kernel_shape: kernel.shape.slice(2), strides: dilations, pads, dilations: strides };
  const all = transpose(g, g.node('Conv', [swapped, kernel], attributes), order);
  return cut(
    g,
    all,
    weights.slice(2).map((size) => ({ start: 0, step: 1, count: size })),
  );
}

function byOffset(
  g: Builder,
  x: Value,
  dy: Value,
  weights: readonly number[],
  { strides, pads, dilations, group }: Required<ConvolutionOptions>,
): Value {
  const [batch, channels] = x.shape;
  const spatial = dy.shape.slice(2);
  const places = spatial.reduce((a, b) => a * b, 1);
  const rank = spatial.length;
  const wide = pads.some((size) => size !== 0)
    ? pad(g, x, { pads: [0, 0, ...pads.slice(0, rank), 0, 0, ...pads.slice(rank)] })
    : x;
  const gradient = reshape(g, dy, [batch, group, dy.shape[1] / group, places]);
  const products = offsets(weights.slice(2)).map((offset) => {
    const ranges = spatial.map((count, i) => ({ start: offset[i] * dilations[i], step: strides[i], count }));
    const seen = reshape(g, cut(g, wide, ranges), [batch, group, channels / group, places]);
    return fusedMatMul(g, gradient, seen, { transB: true });
  });
  const summed = products.map((product) => reduceSum(g, product, { axes: [0], keepDims: true }));
  const [outputs, inputs] = weights;
  const stacked = reshape(g, concat(g, summed, 0), [summed.length, outputs * inputs]);
  return reshape(g, transpose(g, stacked, [1, 0]), weights);
}

function offsets(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (found, size) => found.flatMap((offset) => Array.from({ length: size }, (_, i) => [...offset, i])),
    [[]],
  );
}

interface Run {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** x [N, C, ...] at `count` places of each spatial axis. */
function cut(g: Builder, x: Value, runs: readonly Run[]): Value {
  if (
    sameShape(
      x.shape.slice(2),
      runs.map(({ count }) => count),
    )
  )
    return x;
  return slice(g, x, {
    axes: runs.map((_, i) => i + 2),
    starts: runs.map(({ start }) => start),
    ends: runs.map(({ start, step, count }) => start + (count - 1) * step + 1),
    steps: runs.map(({ step }) => step),
  });
}
