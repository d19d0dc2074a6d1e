import { conv } from '../graph/ops/convolution.ts';
import { pad } from '../graph/ops/indexing.ts';
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

/** How a separable filter moves over a map. */
export interface FilterOptions {
  readonly stride: number;
  /** Pixels added before and after, on both axes. */
  readonly before: number;
  readonly after: number;
  /** Repeats the border instead of adding zeros. */
  readonly edge: boolean;
}

/** Filters every channel of `[N, C, H, W]` with the same taps along x, then along y. */
export function separable(g: Builder, x: Value, taps: readonly number[], options: FilterOptions): Value {
  const { stride, before, after, edge } = options;
  const channels = x.shape[1];
  const weights = Array.from({ length: channels }, () => taps).flat();
  const source = edge ? pad(g, x, { pads: [0, 0, before, before, 0, 0, after, after], mode: 'edge' }) : x;
  const [a, b] = edge ? [0, 0] : [before, after];
  const across = conv(g, source, g.constant(weights, [channels, 1, 1, taps.length]), null, {
    strides: [1, stride],
    pads: [0, a, 0, b],
    group: channels,
  });
  return conv(g, across, g.constant(weights, [channels, 1, taps.length, 1]), null, {
    strides: [stride, 1],
    pads: [a, 0, b, 0],
    group: channels,
  });
}
