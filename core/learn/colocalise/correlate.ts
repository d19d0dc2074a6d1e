import { GraphBuilder } from '../../graph/builder.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { float32, floats } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';
import type { MapLevel } from './work-maps.ts';

/** Maps with zeros around them, so that windows may stick out of the image. */
export interface PaddedMaps {
  readonly count: number;
  readonly channels: number;
  /** Rows and columns including the rim. */
  readonly cells: number;
  /** Cells added on every side. */
  readonly rim: number;
  /** Work pixels per pixel of the level the maps come from. */
  readonly scale: number;
  /** `[N, channels, cells, cells]`. */
  readonly data: Float32Array;
}

/** Prototypes, `[K, channels, window, window]`, against every window of every map. */
export interface Correlator {
  /** Rows and columns of a prototype, in cells. */
  readonly window: number;
  /** Scores `[N, K, places, places]` with places = cells - window + 1. */
  correlate(maps: PaddedMaps, prototypes: readonly Float32Array[]): Promise<Float32Array>;
  /** Energy of every window, `[N, places, places]`. */
  energies(maps: PaddedMaps): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Multiplications in one run, so that a run stays well below a third of a second. */
const work = 1.5e9;

/** Opens a correlator: one Conv with the prototypes as kernels. */
export async function createCorrelator(
  channels: number,
  window: number,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): Promise<Correlator> {
  const g = new GraphBuilder();
  const maps = g.input('maps', [1, channels, window, window], 'float32', { 0: 'n', 2: 'h', 3: 'w' });
  const prototypes = g.input('prototypes', [1, channels, window, window], 'float32', { 0: 'k' });
  g.output('scores', conv(g, maps, prototypes, null), { 0: 'n', 1: 'k', 2: 'y', 3: 'x' });
  const session = await openSession(g.build(), options);
  const ones = new Float32Array(channels * window * window).fill(1);

  const correlate = async (
    { count, cells, data }: PaddedMaps,
    kernels: readonly Float32Array[],
  ): Promise<Float32Array> => {
    const places = cells - window + 1;
    const size = channels * window * window;
    const joined = new Float32Array(kernels.length * size);
    kernels.forEach((kernel, k) => joined.set(kernel, k * size));
    const scores = new Float32Array(count * kernels.length * places * places);
    const run = Math.max(1, Math.floor(work / (kernels.length * size * places * places)));
    const length = channels * cells * cells;
    for (let from = 0; from < count; from += run) {
      const n = Math.min(run, count - from);
      const found = await session.run({
        maps: float32(data.subarray(from * length, (from + n) * length), [n, channels, cells, cells]),
        prototypes: float32(joined, [kernels.length, channels, window, window]),
      });
      scores.set(floats(found.scores), from * kernels.length * places * places);
      await breathe(options.signal);
    }
    return scores;
  };
  return {
    window,
    correlate,
    energies: (of) => correlate({ ...of, data: of.data.map((value) => value * value) }, [ones]),
    dispose: () => session.dispose(),
  };
}

/** Puts `rim` cells of zeros around every map of a level, for the images of `indices` (all by default). */
export function padMaps(level: MapLevel, count: number, rim: number, indices?: readonly number[]): PaddedMaps {
  const { channels, cells, data } = level;
  const chosen = indices ?? Array.from({ length: count }, (_, i) => i);
  const side = cells + 2 * rim;
  const padded = new Float32Array(chosen.length * channels * side * side);
  chosen.forEach((index, i) => {
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < cells; y++) {
        const from = ((index * channels + c) * cells + y) * cells;
        padded.set(data.subarray(from, from + cells), ((i * channels + c) * side + y + rim) * side + rim);
      }
  });
  return { count: chosen.length, channels, cells: side, rim, scale: level.scale, data: padded };
}

/** Adds the window of map `index` at `place` (row by row among the places) to `sum`, times `weight`. */
export function addWindow(
  { channels, cells, data }: PaddedMaps,
  index: number,
  place: number,
  window: number,
  sum: Float32Array,
  weight: number,
): void {
  const places = cells - window + 1;
  const [top, left] = [Math.floor(place / places), place % places];
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < window; y++) {
      const from = ((index * channels + c) * cells + top + y) * cells + left;
      const to = (c * window + y) * window;
      for (let x = 0; x < window; x++) sum[to + x] += weight * data[from + x];
    }
}

/** Sum of squares. */
export function energyOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
