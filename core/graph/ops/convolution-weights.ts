import type { Builder } from '../rule.ts';
import { sameShape } from '../tensor.ts';
import type { Value } from '../value.ts';
import { pad } from './padding.ts';
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
 * output's gradient dy [N, O, ...]. Three ways, each where it measured fastest: a convolution with batch and channels
 * swapped for few channels, one product per kernel column for steps of 1, one product per kernel offset for the rest.
 */
export function weightGradient(
  g: Builder,
  x: Value,
  dy: Value,
  weights: readonly number[],
  options: Required<ConvolutionOptions>,
): Value {
  const dense = options.strides.every((step) => step === 1);
  const channels = x.shape[1];
  const way =
    options.group === 1 && channels === 1
      ? bySample
      : options.group === 1 && channels <= (dense ? 4 : 16)
        ? bySwappedConvolution
        : options.group === 1 && dense && weights.length === 4 && weights[2] > 1
          ? byColumn
          : byOffset;
  return way(g, x, dy, weights, options);
}

/**
 * For one input channel: each sample is a group of one convolution with its own dy as kernel, and the groups are added up.
 * Threads take whole groups, so that the sums do not depend on how many threads there are.
 */
function bySample(
  g: Builder,
  x: Value,
  dy: Value,
  weights: readonly number[],
  { strides, pads, dilations }: Required<ConvolutionOptions>,
): Value {
  const [batch, outputs, ...kernel] = dy.shape;
  const samples = reshape(g, x, [1, batch, ...x.shape.slice(2)]);
  const kernels = reshape(g, dy, [batch * outputs, 1, ...kernel]);
  const attributes = { kernel_shape: kernel, strides: dilations, pads, dilations: strides, group: batch };
  const all = g.node('Conv', [samples, kernels], attributes);
  const each = cut(
    g,
    all,
    weights.slice(2).map((size) => ({ start: 0, step: 1, count: size })),
  );
  return reduceSum(g, reshape(g, each, [batch, ...weights]), { axes: [0], keepDims: false });
}

function bySwappedConvolution(
  g: Builder,
  x: Value,
  dy: Value,
  weights: readonly number[],
  { strides, pads, dilations }: Required<ConvolutionOptions>,
): Value {
  const order = [1, 0, ...strides.map((_, i) => i + 2)];
  const swapped = transpose(g, x, order);
  const kernel = transpose(g, dy, order);
  const attributes = { kernel_shape: kernel.shape.slice(2), strides: dilations, pads, dilations: strides };
  const all = transpose(g, g.node('Conv', [swapped, kernel], attributes), order);
  return cut(
    g,
    all,
    weights.slice(2).map((size) => ({ start: 0, step: 1, count: size })),
  );
}

/**
 * The rows of the kernel at once: dy is stacked kernel-height times, each time one row lower among zeros, so that one
 * product with x, cut at a kernel column, holds that whole column of the gradient. Long products, few copies.
 */
function byColumn(
  g: Builder,
  x: Value,
  dy: Value,
  [outputs, inputs, rows, columns]: readonly number[],
  { pads, dilations }: Required<ConvolutionOptions>,
): Value {
  const wide = padded(g, x, pads);
  const [batch, , height] = wide.shape;
  const [tall, width] = dy.shape.slice(2);
  const places = height * width;
  const flat = reshape(g, dy, [batch, outputs, tall * width]);
  const lowered = Array.from({ length: rows }, (_, row) => {
    const above = row * dilations[0] * width;
    return pad(g, flat, { pads: [0, 0, above, 0, 0, places - tall * width - above] });
  });
  const stack = concat(g, lowered, 1);
  const products = Array.from({ length: columns }, (_, column) => {
    const start = column * dilations[1];
    const seen = slice(g, wide, { axes: [3], starts: [start], ends: [start + width] });
    const product = fusedMatMul(g, stack, reshape(g, seen, [batch, inputs, places]), { transB: true });
    return reduceSum(g, product, { axes: [0], keepDims: true });
  });
  return transpose(g, reshape(g, concat(g, products, 0), [columns, rows, outputs, inputs]), [2, 3, 1, 0]);
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
  const wide = padded(g, x, pads);
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

function padded(g: Builder, x: Value, pads: readonly number[]): Value {
  if (pads.every((size) => size === 0)) return x;
  const rank = x.shape.length - 2;
  return pad(g, x, { pads: [0, 0, ...pads.slice(0, rank), 0, 0, ...pads.slice(rank)] });
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
