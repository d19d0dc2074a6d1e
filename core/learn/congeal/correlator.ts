import { GraphBuilder } from '../../graph/builder.ts';
import { add, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { slice } from '../../graph/ops/movement.ts';
import { float32, floats, wrap } from '../../graph/tensor.ts';
import type { Graph } from '../../graph/value.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import type { Shifts } from './search.ts';

/** How the bank keeps a component c of a unit vector in 8 bits: bankZero + bankScale c, rounded. */
const bankZero = 128;
const bankScale = 127;

/** Correlates templates `[count, channels, cells, cells]` with the entries of a bank as kernels. */
export interface Correlator {
  readonly shifts: Shifts;
  /** Returns `[count, entries, side, side]`, one score for each shift. */
  correlate(templates: Float32Array, count: number, entries: Uint8Array, total: number): Promise<Float32Array>;
  /** Turns maps `[count, all, cells, cells]` of unit vectors into entries of the bank with the leading channels. */
  coarsen(maps: Float32Array, count: number, all: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** Opens a correlator over shifts: one Conv of templates with the bank's entries as kernels. */
export async function createCorrelator(
  shifts: Shifts,
  channels: number,
  cells: number,
  options: SessionOptions = {},
): Promise<Correlator> {
  const g = new GraphBuilder();
  const templates = g.input('templates', [1, channels, cells, cells], 'float32', { 0: 'n' });
  const bank = g.input('bank', [1, channels, cells, cells], 'uint8', { 0: 'e' });
  const kernels = sub(g, cast(g, bank, 'float32'), bankZero);
  const { reach, step } = shifts;
  const scores = conv(g, templates, kernels, null, { pads: [reach, reach, reach, reach], strides: [step, step] });
  g.output('scores', mul(g, scores, 1 / bankScale), { 0: 'n', 1: 'e' });
  const session = await openSession(g.build(), options);
  const coarsener = await openSession(coarsenGraph(channels, cells), options);
  return {
    shifts,
    correlate: async (maps, count, entries, total) => {
      const feeds = {
        templates: float32(maps, [count, channels, cells, cells]),
        bank: wrap('uint8', [total, channels, cells, cells], entries),
      };
      return floats((await session.run(feeds)).scores);
    },
    coarsen: async (maps, count, all) => {
      const feeds = { maps: float32(maps, [count, all, cells, cells]) };
      return (await coarsener.run(feeds)).entries.data as Uint8Array;
    },
    dispose: async () => {
      await session.dispose();
      await coarsener.dispose();
    },
  };
}

function coarsenGraph(channels: number, cells: number): Graph {
  const g = new GraphBuilder();
  const maps = g.input('maps', [1, channels, cells, cells], 'float32', { 0: 'n', 1: 'all' });
  const leading = slice(g, maps, { starts: [0], ends: [channels], axes: [1] });
  const entries = cast(g, add(g, mul(g, leading, bankScale), bankZero + 0.5), 'uint8');
  g.output('entries', entries, { 0: 'n' });
  return g.build();
}
