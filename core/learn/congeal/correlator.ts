import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { float32, floats } from '../../graph/tensor.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';

/** Correlates templates `[count, channels, cells, cells]` with the entries of a bank as kernels. */
export interface Correlator {
  readonly reach: number;
  /** Returns `[count, entries, 2 reach + 1, 2 reach + 1]`. */
  correlate(templates: Float32Array, count: number, entries: Float32Array, total: number): Promise<Float32Array>;
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
  const bank = g.input('bank', [1, channels, cells, cells], 'float32', { 0: 'e' });
  const scores = conv(g, templates, bank, null, { pads: [reach, reach, reach, reach] });
  g.output('scores', scores, { 0: 'n', 1: 'e' });
  const session = await openSession(encode(g.build()), options);
  return {
    reach,
    correlate: async (maps, count, entries, total) => {
      const feeds = {
        templates: float32(maps, [count, channels, cells, cells]),
        bank: float32(entries, [total, channels, cells, cells]),
      };
      return floats((await session.run(feeds)).scores);
    },
    dispose: () => session.dispose(),
  };
}
