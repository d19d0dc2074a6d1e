import { GraphError } from '../graph-error.ts';
import { type Builder, inputOf, text } from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { mul } from './arithmetic.ts';
import { gather } from './indexing.ts';
import { scatterND } from './indexing-nd.ts';
import { concat, reshape, transpose, zerosOf } from './movement.ts';
import { reduceSum } from './reduce.ts';
import { sampleTaps } from './sample-taps.ts';

/** From so many channels on, the channels of a pixel are read and written as one row; fewer are handled plane by plane. */
const channelsOfRow = 8;

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
  const held = heldBy(g, neighbours(g, node), samples(g, dy), x.shape[1]);
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
  const shares = mul(g, asRows(channels) ? reshape(g, weight, [...weight.shape, 1]) : weight, samples(g, dy));
  const rows = asRows(channels) ? shares : transpose(g, shares, [1, 2, 0]);
  const empty = zerosOf(g, [batch * height * width, channels], dy.dtype);
  const summed = scatterND(g, empty, pixel, reshape(g, rows, [count, channels]), 'add');
  return transpose(g, reshape(g, summed, [batch, height, width, channels]), [0, 3, 1, 2]);
}

function asRows(channels: number): boolean {
  return channels >= channelsOfRow;
}

/** The neighbours' values: rows [4, N P, C] or planes [C, 4, N P]. */
function neighbours(g: Builder, node: Node): Value {
  const x = inputOf(node, 0);
  const [batch, channels, height, width] = x.shape;
  const { pixel } = sampleTaps(g, node);
  const pixels = batch * height * width;
  const count = pixel.shape[0] / 4;
  if (asRows(channels)) {
    const rows = reshape(g, transpose(g, x, [0, 2, 3, 1]), [pixels, channels]);
    return reshape(g, gather(g, rows, pixel, 0), [4, count, channels]);
  }
  const planes = reshape(g, transpose(g, x, [1, 0, 2, 3]), [channels, pixels]);
  return reshape(g, gather(g, planes, pixel, 1), [channels, 4, count]);
}

/** One value per sample and channel [N, C, h, w], ordered as the neighbours are: rows [1, N P, C] or planes [C, 1, N P]. */
function samples(g: Builder, dy: Value): Value {
  const [batch, channels, ...sizes] = dy.shape;
  const count = batch * elementCount(sizes);
  return asRows(channels)
    ? reshape(g, transpose(g, dy, [0, 2, 3, 1]), [1, count, channels])
    : reshape(g, transpose(g, dy, [1, 0, 2, 3]), [channels, 1, count]);
}

/** Products of neighbours and samples, summed over the channels: [4, N P]. */
function heldBy(g: Builder, around: Value, dy: Value, channels: number): Value {
  return reduceSum(g, mul(g, around, dy), { axes: [asRows(channels) ? 2 : 0] });
}
