import { GraphBuilder } from '../../graph/builder.ts';
import { mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import { float32, floats, wrap } from '../../graph/tensor.ts';
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
  const { reach, step } = shifts;
  const window = { pads: [reach, reach, reach, reach], strides: [step, step] };
  const products = conv(g, templates, cast(g, bank, 'float32'), null, window);
  /* What the entries' zero adds to the products does not depend on them; taking it from each would take as long again. */
  const zeros = g.constant(new Float32Array(cells * cells).fill(bankZero), [1, 1, cells, cells]);
  const added = conv(g, reduceSum(g, templates, { axes: [1], keepDims: true }), zeros, null, window);
  g.output('scores', mul(g, sub(g, products, added), 1 / bankScale), { 0: 'n', 1: 'e' });
  const session = await openSession(g.build(), options);
  return {
    shifts,
    correlate: async (maps, count, entries, total) => {
      const feeds = {
        templates: float32(maps, [count, channels, cells, cells]),
        bank: wrap('uint8', [total, channels, cells, cells], entries),
      };
      return floats((await session.run(feeds)).scores);
    },
    dispose: () => session.dispose(),
  };
}

/** Writes `length` components of unit vectors from `maps` as part of a bank. */
export function coarsen(maps: Float32Array, from: number, entries: Uint8Array, to: number, length: number): void {
  for (let i = 0; i < length; i++) entries[to + i] = maps[from + i] * bankScale + (bankZero + 0.5);
}
