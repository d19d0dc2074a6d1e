import { GraphBuilder } from '../../graph/builder.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { reshape, slice } from '../../graph/ops/movement.ts';
import { pad } from '../../graph/ops/padding.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import { float32, floats } from '../../graph/tensor.ts';
import type { Graph } from '../../graph/value.ts';
import { openSession, type Session, type SessionOptions } from '../../runtime/session.ts';
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
  /** Scores `[N, K, places, places]` with places = cells - window + 1; yields several times a second. */
  correlate(maps: PaddedMaps, prototypes: readonly Float32Array[]): AsyncGenerator<undefined, Float32Array>;
  dispose(): Promise<void>;
}

/** Multiplications without a pause: they take well below a third of a second. */
const work = 1.5e9;
/** Up to so many prototypes are correlated row by row, */
const few = 12;
/** with so many scores of rows at a time that they stay in the processor's cache. */
const rowScores = 2e5;

/**
 * Creates a correlator. Many prototypes are the kernels of one Conv. With few of them a Conv spends its time on laying out
 * windows: then every row of a prototype is a kernel of its own, which has the windows of one row to lay out, and
 * the rows' scores are summed along the slant.
 */
export function createCorrelator(
  channels: number,
  window: number,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): Correlator {
  const sessions = new Map<string, Promise<Session>>();
  const opened = (key: string, graph: () => Graph): Promise<Session> => {
    const session = sessions.get(key) ?? openSession(graph(), options);
    sessions.set(key, session);
    return session;
  };
  const correlate = async function* (
    { count, cells, data }: PaddedMaps,
    prototypes: readonly Float32Array[],
  ): AsyncGenerator<undefined, Float32Array> {
    const places = cells - window + 1;
    const size = channels * window * window;
    const byRow = prototypes.length <= few;
    const session = byRow
      ? await opened(`rows of ${cells}`, () => rowsGraph(channels, window, cells))
      : await opened('windows', () => windowsGraph(channels, window));
    const kernels = new Float32Array(prototypes.length * size);
    prototypes.forEach((prototype, k) => {
      kernels.set(byRow ? rowsOf(prototype, channels, window) : prototype, k * size);
    });
    const shape = byRow
      ? [prototypes.length * window, channels, 1, window]
      : [prototypes.length, channels, window, window];
    const scores = new Float32Array(count * prototypes.length * places * places);
    const each = prototypes.length * size * places * places;
    const run = byRow
      ? Math.ceil(rowScores / (prototypes.length * window * cells * places))
      : Math.max(1, Math.floor(work / each));
    const length = channels * cells * cells;
    let since = 0;
    for (let from = 0; from < count; from += run) {
      const n = Math.min(run, count - from);
      const found = await session.run({
        maps: float32(data.subarray(from * length, (from + n) * length), [n, channels, cells, cells]),
        kernels: float32(kernels, shape),
      });
      scores.set(floats(found.scores), from * prototypes.length * places * places);
      since += n * each;
      if (since < work) continue;
      since = 0;
      await breathe(options.signal);
      yield undefined;
    }
    return scores;
  };
  return {
    window,
    correlate,
    dispose: async () => {
      for (const session of sessions.values()) await (await session).dispose();
    },
  };
}

/** `maps` `[N, channels, h, w]` and `kernels` `[K, channels, window, window]` to `scores` `[N, K, h', w']`. */
function windowsGraph(channels: number, window: number): Graph {
  const g = new GraphBuilder();
  const maps = g.input('maps', [1, channels, window, window], 'float32', { 0: 'n', 2: 'h', 3: 'w' });
  const kernels = g.input('kernels', [1, channels, window, window], 'float32', { 0: 'k' });
  g.output('scores', conv(g, maps, kernels, null), { 0: 'n', 1: 'k', 2: 'y', 3: 'x' });
  return g.build();
}

/**
 * `maps` `[N, channels, cells, cells]` and the rows of prototypes, `kernels` `[K window, channels, 1, window]`, to `scores`
 * `[N K, places, places]`: row r of a prototype scores `[window, cells, places]`, and a window at y is the sum over r of
 * the scores at y + r. With `places` zeros more behind every `window` rows' worth, y + r is a row of its own length.
 */
function rowsGraph(channels: number, window: number, cells: number): Graph {
  const places = cells - window + 1;
  const g = new GraphBuilder();
  const maps = g.input('maps', [1, channels, cells, cells], 'float32', { 0: 'n' });
  const kernels = g.input('kernels', [window, channels, 1, window], 'float32', { 0: 'kw' });
  const rows = reshape(g, conv(g, maps, kernels, null), [-1, window * cells * places]);
  const longer = pad(g, rows, { pads: [0, 0, 0, window * places] });
  const slanted = reshape(g, longer, [-1, window, cells + 1, places]);
  const within = slice(g, slanted, { starts: [0], ends: [places], axes: [2] });
  g.output('scores', reduceSum(g, within, { axes: [1] }), { 0: 'nk' });
  return g.build();
}

/** A prototype `[channels, window, window]` as kernels of one row each, `[window, channels, 1, window]`. */
function rowsOf(prototype: Float32Array, channels: number, window: number): Float32Array {
  const rows = new Float32Array(prototype.length);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < window; y++) {
      const from = (c * window + y) * window;
      rows.set(prototype.subarray(from, from + window), (y * channels + c) * window);
    }
  return rows;
}

/** Energy, the sum of squares, of every window: `[N, places, places]`. */
export function windowEnergies({ count, channels, cells, data }: PaddedMaps, window: number): Float32Array {
  const places = cells - window + 1;
  const side = cells + 1;
  const energies = new Float32Array(count * places * places);
  const corner = new Float64Array(side * side);
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < cells; y++)
      for (let x = 0, row = 0; x < cells; x++) {
        for (let c = 0; c < channels; c++) row += data[((n * channels + c) * cells + y) * cells + x] ** 2;
        corner[(y + 1) * side + x + 1] = corner[y * side + x + 1] + row;
      }
    for (let y = 0; y < places; y++)
      for (let x = 0; x < places; x++) {
        const [top, bottom] = [y * side + x, (y + window) * side + x];
        energies[(n * places + y) * places + x] =
          corner[bottom + window] - corner[bottom] - corner[top + window] + corner[top];
      }
  }
  return energies;
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
