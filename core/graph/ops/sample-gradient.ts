import { GraphError } from '../graph-error.ts';
import { type Builder, inputOf, text } from '../rule.ts';
import type { Node, Value } from '../value.ts';
import { mul } from './arithmetic.ts';
import { scatterND } from './indexing-nd.ts';
import { concat, reshape, transpose, zerosOf } from './movement.ts';
import { reduceSum } from './reduce.ts';
import { asRows, inOrder, neighbours } from './sample-rows.ts';
import { sampleTaps } from './sample-taps.ts';

/** **Throws** GraphError for modes whose gradient does not exist or is not offered. */
export function checkSampleMode(node: Node): void {
  const mode = text(node.attributes, 'mode', 'bilinear');
  if (mode === 'bilinear') return;
  const why =
    mode === 'nearest' ? 'its gradient toward the grid is zero everywhere' : `mode '${mode}' has no gradient here`;
  throw new GraphError(`GridSample: ${why}; train with mode 'bilinear'`);
}

/**
 * Gradient toward the grid [N, h, w, 2]: how much of dy each of the four neighbours of a sample holds, times how its share
 * changes with the coordinates. **Source**: Jaderberg et al. 2015, equations 7 and 8.
 */
export function gridGradient(g: Builder, node: Node, dy: Value): Value {
  const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
  const { slopes } = sampleTaps(g, node);
  const held = heldBy(g, neighbours(g, node), inOrder(g, dy), x.shape[1]);
  const both = slopes.map((slope) => reduceSum(g, mul(g, held, slope), { axes: [0], keepDims: true }));
  return reshape(g, transpose(g, concat(g, both, 0), [1, 0]), grid.shape);
}

/**
 * Gradient toward the image [N, C, H, W]: dy spread over the four neighbours of each sample by their shares. Where the
 * samples lie is known only at run time, so this alone must scatter (ScatterND with reduction 'add'); whole rows of
 * channels go quickly.
 */
export function imageGradient(g: Builder, node: Node, dy: Value): Value {
  const [batch, channels, height, width] = inputOf(node, 0).shape;
  const { pixel, weight } = sampleTaps(g, node);
  const count = pixel.shape[0];
  const shares = mul(g, asRows(channels) ? reshape(g, weight, [...weight.shape, 1]) : weight, inOrder(g, dy));
  const rows = asRows(channels) ? shares : transpose(g, shares, [1, 2, 0]);
  const empty = zerosOf(g, [batch * height * width, channels], dy.dtype);
  const summed = scatterND(g, empty, pixel, reshape(g, rows, [count, channels]), 'add');
  return transpose(g, reshape(g, summed, [batch, height, width, channels]), [0, 3, 1, 2]);
}

/** Products of neighbours and samples, summed over the channels: [4, N P]. */
function heldBy(g: Builder, around: Value, dy: Value, channels: number): Value {
  return reduceSum(g, mul(g, around, dy), { axes: [asRows(channels) ? 2 : 0] });
}
