import { GraphBuilder } from '../../graph/builder.ts';
import { mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/compare.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { float32, floats, wrap } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';

/** How the bank keeps a component c of a unit vector in 8 bits: bankZero + bankScale c, rounded. */
export const bankZero = 128;
export const bankScale = 127;

/** Correlates templates `[count, channels, cells, cells]` with the entries of a bank as kernels. */
export interface Correlator {
  readonly reach: number;
  /** Returns `[count, entries, 2 reach + 1, 2 reach + 1]`. */
  correlate(templates: Float32Array, count: number, entries: Uint8Array, total: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens a correlator over shifts of up to `reach` cells: one Conv of templates with the bank's entries as kernels. */
export async function createCorrelator(
  reach: number,
  channels: number,
  cells: number,
  options: SessionOptions = {},
): Promise<Correlator> {
  const g = new GraphBuilder();
  const templates = g.input('templates', [1, channels, cells, cells], 'float32', { 0: 'n' });
  const bank = g.input('bank', [1, channels, cells, cells], 'uint8', { 0: 'e' });
  const kernels = sub(g, cast(g, bank, 'float32'), bankZero);
  const scores = conv(g, templates, kernels, null, { pads: [reach, reach, reach, reach] });
  g.output('scores', mul(g, scores, 1 / bankScale), { 0: 'n', 1: 'e' });
  const session = await openSession(g.build(), options);
  return {
    reach,
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
