import type { Random } from '../../geometry/random.ts';
import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast, greater, greaterOrEqual } from '../../graph/ops/compare.ts';
import { clip, exp, sqrt } from '../../graph/ops/elementwise.ts';
import { logSumExp } from '../../graph/ops/loss.ts';
import { concat, reshape, slice, squeeze, unsqueeze } from '../../graph/ops/movement.ts';
import { logSoftmax, reduceMax, reduceMean, reduceMin, reduceSum, softmax } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import { createNetwork, type Network } from '../../stn/layers.ts';
import { sightChannels, type VoteLattice } from './photos-sight.ts';

/** What every cell says about where the object is. */
export interface BoxVotes {
  /** Before softmax, `[N, V]`. */
  readonly confidence: Value;
  /** xmin, ymin, xmax, ymax in unit coordinates, `[N, 4, V]`. */
  readonly edges: Value;
}

/** A network in which every second cell of a map votes for a box. */
export interface BoxNet {
  readonly initial: Network['initial'];
  /** Adds its nodes for maps `[N, sightChannels, rows, columns]`. */
  apply(g: Builder, maps: Value, parameters: Readonly<Record<string, Value>>): BoxVotes;
}

const votes = 5;
/** Mean distance of a vote's edges from the truth, in half images, at which its worth has fallen to 1/e. */
const tolerance = 0.1;
/** Votes count as agreeing when their edges differ by about this much, in half images. */
const agreement = 0.15;
/** How far votes shift the region's box, in half images, and how strongly they change its size, per unit of output. */
const reach = 0.2;

/**
 * Makes the network: conv 8 5x5 stride 2, conv 8 5x5 twice, and one 1x1 convolution to confidence, shift and size relative
 * to the box of the region that it sees. Untrained, every cell votes for that box. It knows no coordinates: what it says
 * moves with the image.
 */
export function createBoxNet(lattice: VoteLattice, random: Random): BoxNet {
  const { rows, columns } = lattice;
  const network = createNetwork(
    [
      { kind: 'conv', channels: 8, kernel: 5, padding: 2, stride: 2 },
      { kind: 'conv', channels: 8, kernel: 5, padding: 2 },
      { kind: 'conv', channels: 8, kernel: 5, padding: 2 },
      { kind: 'conv', channels: votes, kernel: 1 },
    ],
    { prefix: 'box', input: [sightChannels, rows, columns], random, lastBias: new Array<number>(votes).fill(0) },
  );
  const count = Math.ceil(rows / 2) * Math.ceil(columns / 2);
  return {
    initial: network.initial,
    apply: (g, maps, parameters) => {
      const said = reshape(g, network.apply(g, maps, parameters), [0, votes, count]);
      const part = (from: number, to: number): Value => slice(g, said, { starts: [from], ends: [to], axes: [1] });
      const { low, high } = regionEdges(g, maps, lattice);
      const centre = add(g, mul(g, part(1, 3), reach), mul(g, add(g, low, high), 0.5));
      const size = exp(g, clip(g, mul(g, part(3, 5), reach), { min: -1.5, max: 1.5 }));
      const half = mul(g, size, mul(g, sub(g, high, low), 0.5));
      return {
        confidence: squeeze(g, part(0, 1), [1]),
        edges: concat(g, [sub(g, centre, half), add(g, centre, half)], 1),
      };
    },
  };
}

/** Left and top, right and bottom of the region in the last channel, `[N, 2, 1]` each; the outermost cells reach ±1. */
function regionEdges(g: Builder, maps: Value, lattice: VoteLattice): { readonly low: Value; readonly high: Value } {
  const region = slice(g, maps, { starts: [sightChannels - 1], ends: [sightChannels], axes: [1] });
  const axis = (over: number, count: number): { readonly low: Value; readonly high: Value } => {
    const filled = cast(g, greater(g, reduceMax(g, region, { axes: [1, over], keepDims: false }), 0), 'float32');
    const empty = mul(g, sub(g, 1, filled), 4);
    const edge = (side: number): Value =>
      g.constant(
        Float32Array.from({ length: count }, (_, i) => {
          if (side < 0 && i === 0) return -1;
          if (side > 0 && i === count - 1) return 1;
          return Math.min(1, Math.max(-1, lattice.first + lattice.step * (i + side / 2)));
        }),
        [1, count],
      );
    const along = { axes: [1], keepDims: true };
    return {
      low: reduceMin(g, add(g, mul(g, filled, edge(-1)), empty), along),
      high: reduceMax(g, sub(g, mul(g, filled, edge(1)), empty), along),
    };
  };
  const x = axis(2, lattice.columns);
  const y = axis(3, lattice.rows);
  const pair = (a: Value, b: Value): Value => unsqueeze(g, concat(g, [a, b], 1), [2]);
  return { low: pair(x.low, y.low), high: pair(x.high, y.high) };
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
