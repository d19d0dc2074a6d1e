import { add, div, mul } from '../../graph/ops/arithmetic.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { log, neg } from '../../graph/ops/elementwise.ts';
import { pad } from '../../graph/ops/padding.ts';
import { reshape } from '../../graph/ops/movement.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';

/** Centred feature maps of a set: features minus a reference, zero where there is nothing. */
export interface CentredMaps {
  readonly count: number;
  readonly channels: number;
  /** Rows and columns. */
  readonly cells: number;
  /** `[N, channels, cells, cells]`. */
  readonly data: Float32Array;
}

/** Windows on a lattice of places: place (i, j) has its window's centre at the corner (step i, step j) of the cells. */
export interface WindowLattice {
  /** Places per row and per column. */
  readonly places: number;
  /** Cells between neighbouring places. */
  readonly step: number;
  /** Rows and columns of a window in cells; even, and a multiple of `step`. */
  readonly window: number;
}

const tiny = 1e-12;

/**
 * Splits maps into the step * step interleaved sub-lattices, with zeros around, so that the mean window over all places
 * is one dense convolution: `[N, channels * step * step, size, size]`, size = places + window / step - 1.
 */
export function splitPhases(
  maps: CentredMaps,
  lattice: WindowLattice,
): { readonly size: number; readonly data: Float32Array } {
  const { places, step, window } = lattice;
  const { count, channels, cells, data } = maps;
  const size = places + window / step - 1;
  const split = new Float32Array(count * channels * step * step * size * size);
  let at = 0;
  for (let plane = 0; plane < count * channels; plane++)
    for (let phaseY = 0; phaseY < step; phaseY++)
      for (let phaseX = 0; phaseX < step; phaseX++)
        for (let y = 0; y < size; y++)
          for (let x = 0; x < size; x++, at++) {
            const row = y * step + phaseY - window / 2;
            const column = x * step + phaseX - window / 2;
            const inside = row >= 0 && column >= 0 && row < cells && column < cells;
            if (inside) split[at] = data[(plane * cells + row) * cells + column];
          }
  return { size, data: split };
}

/**
 * Adds the mean window under attention: `attention` `[B, places * places]` and `phases`
 * `[channels * step * step, B, size, size]` give `[1, channels * step * step, n, n]`, n = window / step, rows and
 * columns reversed (its length does not care).
 */
export function meanWindowNodes(g: Builder, attention: Value, phases: Value, lattice: WindowLattice): Value {
  const { places, step, window } = lattice;
  const rim = window / step - 1;
  const [batch] = attention.shape;
  const maps = reshape(g, attention, [1, batch, places, places]);
  const framed = pad(g, maps, { pads: [0, 0, rim, rim, 0, 0, rim, rim] });
  return div(g, conv(g, framed, phases, null), batch);
}

/** Adds the loss -log(|mean|^2 / energy): the larger the shared part, the smaller. `energy` is a positive scalar. */
export function gainLossNodes(g: Builder, mean: Value, energy: Value): Value {
  const shared = reduceSum(g, mul(g, mean, mean));
  return neg(g, log(g, div(g, add(g, shared, tiny), energy)));
}

/** Mean energy of a window at a random place: what the loss is measured against. */
export function meanWindowEnergy(maps: CentredMaps, lattice: WindowLattice): number {
  let sum = 0;
  for (const value of maps.data) sum += value * value;
  const share = (lattice.window / maps.cells) ** 2;
  return Math.max(tiny, (sum / Math.max(1, maps.count)) * share);
}
