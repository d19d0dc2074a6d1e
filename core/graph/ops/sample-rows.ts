import { type Builder, inputOf } from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { mul } from './arithmetic.ts';
import { gather } from './indexing.ts';
import { matMul } from './linear.ts';
import { reshape, transpose } from './movement.ts';
import { sampleTaps } from './sample-taps.ts';

/** From so many channels on, the channels of a pixel are read and written as one row; fewer are handled plane by plane. */
const channelsOfRow = 8;

/** Whether images of so many channels are handled row by row: [..., C], not plane by plane: [C, ...]. */
export function asRows(channels: number): boolean {
  return channels >= channelsOfRow;
}

/** The values of the neighbours of all samples of a GridSample: rows [4, N P, C] or planes [C, 4, N P]. */
export function neighbours(g: Builder, node: Node): Value {
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
export function inOrder(g: Builder, samples: Value): Value {
  const [batch, channels, ...sizes] = samples.shape;
  const count = batch * elementCount(sizes);
  return asRows(channels)
    ? reshape(g, transpose(g, samples, [0, 2, 3, 1]), [1, count, channels])
    : reshape(g, transpose(g, samples, [1, 0, 2, 3]), [channels, 1, count]);
}

/**
 * What a bilinear GridSample computes, from rows of channels: where there are many, far faster on processors than the op
 * itself, and its gradients need the same neighbours.
 */
export function sampleRows(g: Builder, node: Node): Value {
  const { weight } = sampleTaps(g, node);
  const [batch, channels, height, width] = node.outputs[0].shape;
  const weighted = mul(g, neighbours(g, node), reshape(g, weight, [...weight.shape, 1]));
  /* A product with a row of ones: many times faster than a sum over the first axis. */
  const ones = g.constant([1, 1, 1, 1], [1, 4], weight.dtype);
  const summed = matMul(g, ones, reshape(g, weighted, [4, batch * height * width * channels]));
  return transpose(g, reshape(g, summed, [batch, height, width, channels]), [0, 3, 1, 2]);
}
