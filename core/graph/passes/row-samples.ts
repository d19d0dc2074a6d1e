import { asRows, sampleRows } from '../ops/sample-rows.ts';
import { inputOf, text } from '../rule.ts';
import type { Pass } from './pass.ts';

/** Bilinear samples of many channels are read as rows of channels: processors do that several times faster than GridSample. */
export const rowSamples: Pass = {
  name: 'row samples',
  start:
    () =>
    (node, { g, rigid }) => {
      if (node.op !== 'GridSample' || text(node.attributes, 'mode', 'bilinear') !== 'bilinear') return undefined;
      const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
      return asRows(x.shape[1]) && rigid(x) && rigid(grid) ? [sampleRows(g, node)] : undefined;
    },
};
