import type { Described } from './describe.ts';

/** A mean of feature maps `[channels, cells, cells]` and how much each cell counts `[cells, cells]` (sum 1). */
export interface Template {
  readonly channels: number;
  readonly cells: number;
  readonly maps: Float32Array;
  readonly weight: Float32Array;
}

/** Sums over the kept members of a set, from which every leave-one-out mean follows. */
export interface Sums {
  readonly described: Described;
  readonly kept: readonly boolean[];
  readonly maps: Float64Array;
  readonly counts: Float64Array;
  readonly members: number;
}

/** Adds up the maps and masks of the kept members. */
export function sumKept(described: Described, kept: readonly boolean[]): Sums {
  const plane = described.cells * described.cells;
  const length = described.channels * plane;
  const maps = new Float64Array(length);
  const counts = new Float64Array(plane);
  let members = 0;
  for (let n = 0; n < described.count; n++) {
    if (!kept[n]) continue;
    members++;
    for (let i = 0; i < length; i++) maps[i] += described.maps[n * length + i];
    for (let i = 0; i < plane; i++) counts[i] += described.masks[n * plane + i];
  }
  return { described, kept, maps, counts, members };
}

/** A Gaussian window over [-1, 1]^2 with standard deviation `sigma`, `[cells, cells]`, peak 1. */
export function gaussianWindow(cells: number, sigma: number): Float32Array {
  const window = new Float32Array(cells * cells);
  for (let row = 0; row < cells; row++)
    for (let column = 0; column < cells; column++) {
      const [x, y] = [((column + 0.5) / cells) * 2 - 1, ((row + 0.5) / cells) * 2 - 1];
      window[row * cells + column] = Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
    }
  return window;
}

/**
 * Mean of the kept members without member `without` (-1: with all). A cell that fewer than a third of the members show
 * is damped, so that a few lucky borders do not lead.
 */
export function meanWithout(sums: Sums, without: number, target: Float32Array): void {
  const { described, maps, counts, members } = sums;
  const plane = described.cells * described.cells;
  const out = without >= 0 && sums.kept[without];
  const least = Math.max(1, (members - (out ? 1 : 0)) / 3);
  const own = without * described.channels * plane;
  const factors = new Float64Array(plane);
  for (let cell = 0; cell < plane; cell++)
    factors[cell] = 1 / Math.max(least, counts[cell] - (out ? described.masks[without * plane + cell] : 0));
  for (let c = 0, i = 0; c < described.channels; c++)
    for (let cell = 0; cell < plane; cell++, i++)
      target[i] = (maps[i] - (out ? described.maps[own + i] : 0)) * factors[cell];
}

/**
 * Maps `[channels, cells, cells]` that the members of a set are compared with: the mean of the kept others, one that each
 * has for itself `[count, channels, cells, cells]`, or the same for all.
 */
export type Means = { readonly others: Sums } | { readonly own: Float32Array } | { readonly all: Float32Array };

/** The maps for member `n`; `memory` holds them where they must be worked out. */
export function meansOf(means: Means, n: number, memory: Float32Array): Float32Array {
  if ('all' in means) return means.all;
  if ('own' in means) return means.own.subarray(n * memory.length, (n + 1) * memory.length);
  meanWithout(means.others, n, memory);
  return memory;
}

/** Squared length of each cell of a map, `[cells, cells]`, and its window-weighted mean. */
export function cellEnergy(
  maps: Float32Array,
  offset: number,
  channels: number,
  window: Float32Array,
): { energy: Float32Array; mean: number } {
  const plane = window.length;
  const energy = new Float32Array(plane);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < plane; i++) {
      const value = maps[offset + c * plane + i];
      energy[i] += value * value;
    }
  let [sum, total] = [0, 0];
  for (let i = 0; i < plane; i++) {
    sum += window[i] * energy[i];
    total += window[i];
  }
  return { energy, mean: Math.max(sum / total, 1e-9) };
}

/** Weight of the cells of a template: window * (floor + |T|^2 / mean |T|^2), scaled to sum 1. */
export function cellWeights(maps: Float32Array, channels: number, window: Float32Array, floor: number): Float32Array {
  const { energy, mean } = cellEnergy(maps, 0, channels, window);
  const weight = window.map((value, i) => value * (floor + energy[i] / mean));
  const sum = weight.reduce((total, value) => total + value, 0);
  return weight.map((value) => value / sum);
}

/** The template that a set agrees on: the mean of its kept members and its cell weights in a Gaussian window. */
export function templateOf(sums: Sums, sigma: number, floor: number): Template {
  const { channels, cells } = sums.described;
  const maps = new Float32Array(channels * cells * cells);
  meanWithout(sums, -1, maps);
  return { channels, cells, maps, weight: cellWeights(maps, channels, gaussianWindow(cells, sigma), floor) };
}

/**
 * The dot score of a map against a template: sum W T.F / sqrt(sum W |T|^2), with W summing to 1.
 *
 * A plain dot product on purpose: dividing by the visible energy lets images slide into a corner.
 */
export function dotScore(
  template: Float32Array,
  weight: Float32Array,
  maps: Float32Array,
  offset: number,
  channels: number,
): number {
  const plane = weight.length;
  let [dot, norm] = [0, 0];
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < plane; i++) {
      const t = template[c * plane + i] * weight[i];
      dot += t * maps[offset + c * plane + i];
      norm += t * template[c * plane + i];
    }
  return norm > 0 ? dot / Math.sqrt(norm) : 0;
}
