import type { Random } from '../../geometry/random.ts';
import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast, greaterOrEqual } from '../../graph/ops/compare.ts';
import { clip, exp, sqrt } from '../../graph/ops/elementwise.ts';
import { logSumExp } from '../../graph/ops/loss.ts';
import { concat, reshape, slice, squeeze, unsqueeze } from '../../graph/ops/movement.ts';
import { logSoftmax, reduceMax, reduceMean, reduceSum, softmax } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import { createNetwork, type Network } from '../../stn/layers.ts';

/** What every cell says about where the object is. */
export interface BoxVotes {
  /** Before softmax, `[N, V]`. */
  readonly confidence: Value;
  /** xmin, ymin, xmax, ymax in unit coordinates, `[N, 4, V]`. */
  readonly edges: Value;
}

/** A network in which every cell of a coarse map votes for a box. */
export interface BoxNet {
  readonly initial: Network['initial'];
  /** Adds its nodes for coarse maps `[N, channels, rows, columns]`. */
  apply(g: Builder, maps: Value, parameters: Readonly<Record<string, Value>>): BoxVotes;
}

/** Where the cells of the coarse maps lie, in unit coordinates. */
export interface CoarseLattice {
  readonly rows: number;
  readonly columns: number;
  /** Centre of cell 0 and distance of neighbouring cells. */
  readonly first: number;
  readonly step: number;
}

const votes = 5;
/** Mean distance of a vote's edges from the truth, in half images, at which its worth has fallen to 1/e. */
const tolerance = 0.1;
/** Votes count as agreeing when their edges differ by about this much, in half images. */
const agreement = 0.15;
/** Half-size of the boxes that an untrained network votes for. */
const usualHalf = 0.5;

/**
 * Makes the network: conv 24 3x3, conv 24 5x5 twice, and one 1x1 convolution to confidence, shift and size. It knows no
 * coordinates: what it says moves with the image.
 */
export function createBoxNet(channels: number, lattice: CoarseLattice, random: Random): BoxNet {
  const { rows, columns, first, step } = lattice;
  const network = createNetwork(
    [
      { kind: 'conv', channels: 24, kernel: 3, padding: 1 },
      { kind: 'conv', channels: 24, kernel: 5, padding: 2 },
      { kind: 'conv', channels: 24, kernel: 5, padding: 2 },
      { kind: 'conv', channels: votes, kernel: 1 },
    ],
    { prefix: 'box', input: [channels, rows, columns], random, lastBias: new Array<number>(votes).fill(0) },
  );
  const count = rows * columns;
  const centres = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    centres[i] = first + step * (i % columns);
    centres[count + i] = first + step * Math.floor(i / columns);
  }
  return {
    initial: network.initial,
    apply: (g, maps, parameters) => {
      const said = reshape(g, network.apply(g, maps, parameters), [0, votes, count]);
      const part = (from: number, to: number): Value => slice(g, said, { starts: [from], ends: [to], axes: [1] });
      const centre = add(g, mul(g, part(1, 3), 0.5), g.constant(centres, [1, 2, count]));
      const half = mul(g, exp(g, clip(g, part(3, 5), { min: -4, max: 1.5 })), usualHalf);
      return {
        confidence: squeeze(g, part(0, 1), [1]),
        edges: concat(g, [sub(g, centre, half), add(g, centre, half)], 1),
      };
    },
  };
}

/** -log of the confidence-weighted worth of all votes against true edges `[N, 4, 1]`, mean over the batch. */
export function boxLoss(g: Builder, { confidence, edges }: BoxVotes, truth: Value): Value {
  const away = sub(g, edges, truth);
  const distance = reduceMean(g, sqrt(g, add(g, mul(g, away, away), 1e-6)), { axes: [1], keepDims: false });
  const worth = sub(g, logSoftmax(g, confidence, 1), mul(g, distance, 1 / tolerance));
  return mul(g, reduceMean(g, logSumExp(g, worth, 1)), -1);
}

/** What the votes agree on: edges `[N, 4]` within the image, and the share of confidence that agrees `[N]`. */
export function agreedBox(
  g: Builder,
  { confidence, edges }: BoxVotes,
): { readonly edges: Value; readonly share: Value } {
  const share = unsqueeze(g, softmax(g, confidence, 1), [1]);
  const largest = reduceMax(g, share, { axes: [2], keepDims: true });
  const along = { axes: [2], keepDims: true };
  const mean = (weights: Value): Value =>
    div(g, reduceSum(g, mul(g, edges, weights), along), reduceSum(g, weights, along));
  const away = sub(g, edges, mean(cast(g, greaterOrEqual(g, share, largest), 'float32')));
  const squares = reduceMean(g, mul(g, away, away), { axes: [1], keepDims: true });
  const weights = mul(g, share, exp(g, mul(g, squares, -1 / (2 * agreement * agreement))));
  const box = reshape(g, mean(weights), [0, 4]);
  return {
    edges: clip(g, box, { min: -1, max: 1 }),
    share: reshape(g, reduceSum(g, weights, { axes: [1, 2], keepDims: false }), [-1]),
  };
}
