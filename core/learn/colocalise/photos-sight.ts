import { GraphBuilder } from '../../graph/builder.ts';
import { add, max, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast, greater, greaterOrEqual } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { clip, relu } from '../../graph/ops/elementwise.ts';
import { pad } from '../../graph/ops/padding.ts';
import { concat } from '../../graph/ops/movement.ts';
import { averagePool, maxPool } from '../../graph/ops/pooling.ts';
import { reduceMax } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import { float32, floats } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';
import { type CellMaps, type Direction, measure } from './discriminative-classes.ts';
import type { Lattice } from './discriminative-regions.ts';
import type { CellProjection } from './photos-describe.ts';

/** Where the cells that the network sees lie, in unit coordinates. */
export interface VoteLattice {
  readonly rows: number;
  readonly columns: number;
  /** Centre of cell 0 and distance of neighbouring cells. */
  readonly first: number;
  readonly step: number;
}

/** How an encoder's cells become what the box network sees. */
export interface Sight {
  /** From cells at unit length to the measure that tells object from surroundings: one component. */
  readonly measure: CellProjection;
  readonly threshold: number;
  /** Standard deviation of the smoothed measure. */
  readonly spread: number;
  /** Cells per side of a block that becomes one cell. */
  readonly block: number;
}

/** What the box network sees of a set: `[count, sightChannels, rows, columns]`. */
export interface SeenMaps {
  readonly sight: Sight;
  readonly lattice: VoteLattice;
  readonly data: Float32Array;
}

/** The measure above the threshold, in standard deviations, and the strongest region, 0 or 1. */
export const sightChannels = 2;
const wantedCells = 28;
const chunk = 16;

/** Prepares a set for the box network. */
export async function seenMaps(
  maps: CellMaps,
  lattice: Lattice,
  projection: CellProjection,
  found: { readonly direction: Direction; readonly threshold: number },
  options: SessionOptions & { readonly signal?: AbortSignal | undefined },
): Promise<SeenMaps> {
  const measured = measure(maps, found.direction);
  const block = Math.max(1, Math.round(Math.min(maps.rows, maps.columns) / wantedCells));
  const [rows, columns] = [Math.floor(maps.rows / block), Math.floor(maps.columns / block)];
  const sight: Sight = {
    measure: measureProjection(projection, found.direction),
    threshold: found.threshold,
    spread: standardDeviation(measured),
    block,
  };
  const each = maps.rows * maps.columns;
  const g = new GraphBuilder();
  const input = g.input('measured', [1, 1, maps.rows, maps.columns], 'float32', { 0: 'n' });
  g.output('seen', sightNodes(g, input, sight), { 0: 'n' });
  const session = await openSession(g.build(), options);
  const data = new Float32Array(maps.count * sightChannels * rows * columns);
  try {
    for (let from = 0; from < maps.count; from += chunk) {
      const n = Math.min(chunk, maps.count - from);
      const part = measured.subarray(from * each, (from + n) * each);
      const { seen } = await session.run({ measured: float32(part, [n, 1, maps.rows, maps.columns]) });
      data.set(floats(seen), from * sightChannels * rows * columns);
      await breathe(options.signal);
    }
  } finally {
    await session.dispose();
  }
  const unit = 2 / lattice.side;
  const first = (lattice.offset + ((block - 1) / 2) * lattice.stride) * unit - 1;
  return { sight, lattice: { rows, columns, first, step: block * lattice.stride * unit }, data };
}

/** The projection to components followed by the measure, as one. */
function measureProjection(
  { weights, bias, channels }: CellProjection,
  { weights: w, middle }: Direction,
): CellProjection {
  const combined = new Float32Array(channels);
  let shift = -middle;
  w.forEach((weight, k) => {
    shift += weight * bias[k];
    for (let c = 0; c < channels; c++) combined[c] += weight * weights[k * channels + c];
  });
  return { weights: combined, bias: Float32Array.of(shift), components: 1, channels };
}

/** Adds what the box network sees of measures `[N, 1, h, w]`: `[N, sightChannels, h / block, w / block]`. */
export function sightNodes(g: Builder, measured: Value, { threshold, spread, block }: Sight): Value {
  const cross = Float32Array.of(0, 1 / 6, 0, 1 / 6, 1 / 3, 1 / 6, 0, 1 / 6, 0);
  const framed = pad(g, measured, { pads: [0, 0, 1, 1, 0, 0, 1, 1], mode: 'edge' });
  const smooth = conv(g, framed, g.constant(cross, [1, 1, 3, 3]), null);
  const above = mul(g, sub(g, smooth, threshold), 1 / spread);
  const seen = concat(g, [clip(g, above, { min: -3, max: 3 }), regionNodes(g, above)], 1);
  return block === 1 ? seen : averagePool(g, seen, { kernel: [block, block], strides: [block, block] });
}

/**
 * Adds the region `[N, 1, h, w]` of cells above 0 that is connected with the place of strongest measures, 0 or 1: a seed
 * grows by its neighbours above 0 until every way of usual length has been gone.
 */
function regionNodes(g: Builder, above: Value): Value {
  const inside = cast(g, greater(g, above, 0), 'float32');
  const strength = averagePool(g, relu(g, above), { kernel: [7, 7], strides: [1, 1], pads: [3, 3, 3, 3] });
  const candidates = mul(g, inside, add(g, strength, 1));
  const best = reduceMax(g, candidates, { axes: [2, 3], keepDims: true });
  let region = mul(g, inside, cast(g, greaterOrEqual(g, candidates, best), 'float32'));
  const [, , rows, columns] = above.shape;
  for (let i = 0; i < rows + columns; i++) {
    const across = maxPool(g, region, { kernel: [1, 3], strides: [1, 1], pads: [0, 1, 0, 1] });
    const along = maxPool(g, region, { kernel: [3, 1], strides: [1, 1], pads: [1, 0, 1, 0] });
    region = mul(g, inside, max(g, across, along));
  }
  return region;
}

function standardDeviation(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(1e-20, squares / values.length - (sum / values.length) ** 2));
}
