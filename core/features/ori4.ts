import { div, mul, add } from '../graph/ops/arithmetic.ts';
import { conv } from '../graph/ops/convolution.ts';
import { relu, sqrt } from '../graph/ops/elementwise.ts';
import { pad } from '../graph/ops/padding.ts';
import { slice } from '../graph/ops/movement.ts';
import { averagePool } from '../graph/ops/pooling.ts';
import { reduceSum } from '../graph/ops/reduce.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';

/** Number of gradient directions, one channel each: right, down, left, up. */
export const ori4Channels = 4;
/** Pixels per cell of the map. */
export const ori4Stride = 2;

const luminance = [0.299, 0.587, 0.114];
const blurReach = 3;
const blurSigma = 1;
const tiny = 1e-6;

/**
 * Adds the grey image, its longer side resized to `side` pixels (antialiased, aspect kept): `[N, 3, H, W]` of RGB 0..1
 * becomes `[N, 1, h, w]`.
 *
 * **Convention**: both axes are scaled by side / max(H, W); the top-left corners coincide.
 */
export function greyNodes(g: Builder, pixels: Value, side: number): Value {
  const grey = conv(g, pixels, g.constant(Float32Array.from(luminance), [1, 3, 1, 1]), null);
  const sizes = g.constant([side, side], [2], 'int64');
  return g.node('Resize', [grey, null, null, sizes], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
    antialias: 1,
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_larger',
  });
}

/**
 * Adds oriented gradient energy: `[N, 1, h, w]` becomes `[N, 4, h / 2, w / 2]`, by central differences split over four
 * directions, averaged over 2 x 2 pixels and blurred by one cell. The energy is not normalised on purpose: what is
 * blank says nothing.
 */
export function ori4Nodes(g: Builder, grey: Value): Value {
  const kernels = new Float32Array(ori4Channels * 9);
  const ends = [
    [5, 3],
    [7, 1],
    [3, 5],
    [1, 7],
  ];
  ends.forEach(([ahead, behind], channel) => {
    kernels[channel * 9 + ahead] = 0.5;
    kernels[channel * 9 + behind] = -0.5;
  });
  const framed = pad(g, grey, { pads: [0, 0, 1, 1, 0, 0, 1, 1], mode: 'edge' });
  const slopes = relu(g, conv(g, framed, g.constant(kernels, [ori4Channels, 1, 3, 3]), null));
  const squares = mul(g, slopes, slopes);
  const magnitude = sqrt(g, add(g, reduceSum(g, squares, { axes: [1], keepDims: true }), tiny));
  const energy = div(g, squares, magnitude);
  const cells = averagePool(g, energy, { kernel: [ori4Stride, ori4Stride], strides: [ori4Stride, ori4Stride] });
  return conv(g, cells, g.constant(blurKernel(), [ori4Channels, 1, 2 * blurReach + 1, 2 * blurReach + 1]), null, {
    pads: [blurReach, blurReach, blurReach, blurReach],
    group: ori4Channels,
  });
}

function blurKernel(): Float32Array {
  const width = 2 * blurReach + 1;
  const line = Array.from({ length: width }, (_, i) => Math.exp(-((i - blurReach) ** 2) / (2 * blurSigma ** 2)));
  const sum = line.reduce((a, b) => a + b);
  const plane = line.flatMap((a) => line.map((b) => (a * b) / sum ** 2));
  return Float32Array.from({ length: ori4Channels * width * width }, (_, i) => plane[i % plane.length]);
}

/**
 * Adds a map laid on a square canvas of `cells + before + after` cells with zeros around it: its top-left corner at
 * (`before`, `before`), whatever its size up to `cells`.
 */
export function canvasNodes(g: Builder, map: Value, cells: number, before: number, after: number): Value {
  const room = cells + after;
  const padded = pad(g, map, { pads: [0, 0, before, before, 0, 0, room, room] });
  const end = before + cells + after;
  return slice(g, padded, { starts: [0, 0], ends: [end, end], axes: [2, 3] });
}
