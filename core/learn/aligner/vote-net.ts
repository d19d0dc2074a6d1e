import type { Random } from '../../geometry/random.ts';
import { add, mul } from '../../graph/ops/arithmetic.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { relu } from '../../graph/ops/elementwise.ts';
import { maskedDropout } from '../../graph/ops/dropout.ts';
import { reshape, slice } from '../../graph/ops/movement.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Tensor } from '../../graph/tensor.ts';
import { float32 } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';

/** The sizes of a dense-vote network. */
export interface VoteNetShape {
  /** Feature channels that it reads: the first ones of the projection. */
  readonly channels: number;
  /** Side of the feature maps; votes are cast by cells of half that many a side. */
  readonly cells: number;
  readonly hidden: number;
}

/** Share of channels that training leaves out at random. */
export const dropoutRate = 0.15;

/** Numbers per vote: confidence, 2 x 2 matrix, offset. */
const perVote = 7;

/** Scale that an untrained network votes for. */
const startScale = 0.8;

/** Layers of 3 x 3 kernels: the first halves the map, the last ones look far. */
const layers = [
  { strides: [2, 2], pads: [1, 1, 1, 1] },
  { pads: [1, 1, 1, 1] },
  { pads: [2, 2, 2, 2], dilations: [2, 2] },
  { pads: [2, 2, 2, 2], dilations: [2, 2] },
] as const;

/** Side of the lattice of votes. */
function voteCells(shape: VoteNetShape): number {
  return shape.cells / 2;
}

/** Parameters of an untrained network: He initialisation, a last layer of zeros, votes of an upright crop. */
export function createVoteNet(shape: VoteNetShape, random: Random): Record<string, Tensor> {
  const { channels, hidden } = shape;
  const parameters: Record<string, Tensor> = {};
  layers.forEach((_, i) => {
    const inputs = i === 0 ? channels : hidden;
    const deviation = Math.sqrt(2 / (9 * inputs));
    const data = Float32Array.from({ length: hidden * inputs * 9 }, () => deviation * random.normal());
    parameters[`vote.${i + 1}.weight`] = float32(data, [hidden, inputs, 3, 3]);
    parameters[`vote.${i + 1}.bias`] = float32(new Float32Array(hidden), [hidden]);
  });
  parameters['vote.out.weight'] = float32(new Float32Array(perVote * hidden), [perVote, hidden, 1, 1]);
  parameters['vote.out.bias'] = float32([0, startScale, 0, 0, startScale, 0, 0], [perVote]);
  return parameters;
}

/** The votes of all cells: confidence `[N, 1, V]` before softmax, and matrix and place `[N, 6, V]`. */
export interface Votes {
  readonly confidence: Value;
  /** Rows a, b, c, d, x, y of M = [[a, b, x], [c, d, y]]: canonical frame to the window that the features show. */
  readonly places: Value;
}

/**
 * Adds the network: features `[N, channels, cells, cells]` to one vote per cell of a lattice half as fine.
 *
 * No coordinate channels go in, so a shifted image gives shifted votes. Each vote's place is its cell's centre plus half
 * its offset. `mask` `[N, hidden, 1, 1]` (0 or 1) drops channels while training.
 */
export function voteNodes(
  g: Builder,
  features: Value,
  parameters: Readonly<Record<string, Value>>,
  shape: VoteNetShape,
  mask?: Value,
): Votes {
  let x = features;
  layers.forEach((options, i) => {
    x = relu(g, conv(g, x, parameters[`vote.${i + 1}.weight`], parameters[`vote.${i + 1}.bias`], options));
    if (mask !== undefined && i === 1) x = maskedDropout(g, x, mask, dropoutRate);
  });
  const side = voteCells(shape);
  const votes = reshape(g, conv(g, x, parameters['vote.out.weight'], parameters['vote.out.bias']), [
    0,
    perVote,
    side * side,
  ]);
  const confidence = slice(g, votes, { starts: [0], ends: [1], axes: [1] });
  const raw = slice(g, votes, { starts: [1], ends: [perVote], axes: [1] });
  const halved = g.constant(Float32Array.of(1, 1, 1, 1, 0.5, 0.5), [1, 6, 1]);
  return { confidence, places: add(g, mul(g, raw, halved), g.constant(cellCentres(side), [1, 6, side * side])) };
}

/** Zeros for the matrix, the cells' centres in [-1, 1] for the place: `[6, side * side]`. */
function cellCentres(side: number): Float32Array {
  const centres = new Float32Array(6 * side * side);
  for (let cell = 0; cell < side * side; cell++) {
    centres[4 * side * side + cell] = ((cell % side) + 0.5) * (2 / side) - 1;
    centres[5 * side * side + cell] = (Math.floor(cell / side) + 0.5) * (2 / side) - 1;
  }
  return centres;
}
