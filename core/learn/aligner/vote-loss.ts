import { add, mul, sub } from '../../graph/ops/arithmetic.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { sqrt } from '../../graph/ops/elementwise.ts';
import { logSumExp } from '../../graph/ops/loss.ts';
import { slice, squeeze, unsqueeze } from '../../graph/ops/movement.ts';
import { reduceMean, reduceSum } from '../../graph/ops/reduce.ts';
import { logSoftmax } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { Value } from '../../graph/value.ts';
import type { Votes } from './vote-net.ts';

/** Distance, in half windows, at which a vote's worth has fallen to 1/e. */
const tolerance = 0.06;

/** The canonical points at which a vote is compared with the truth. */
const points: readonly (readonly [number, number])[] = [-0.7, 0, 0.7].flatMap((y) =>
  [-0.7, 0, 0.7].map((x) => [x, y] as const),
);

/** Numbers that describe a truth: where it takes the points, x and y. */
export const targetLength = 2 * points.length;

/** Where a warp takes the points of comparison: x of all, then y of all, into `target` from `offset` on. */
export function writeTarget(warp: Matrix3, target: Float32Array, offset: number): void {
  points.forEach(([x, y], k) => {
    target[offset + k] = warp[0] * x + warp[1] * y + warp[2];
    target[offset + points.length + k] = warp[3] * x + warp[4] * y + warp[5];
  });
}

/**
 * -log of the confidence-weighted worth of the votes, mean over the batch: one good and confident vote is enough.
 *
 * `targets` `[N, 18, 1]` as {@link writeTarget} writes them. The worth of a vote is exp(-d / 0.06), d its mean distance
 * from the truth at nine points.
 */
export function voteLoss(g: Builder, votes: Votes, targets: Value): Value {
  const toPoints = new Float32Array(targetLength * 6);
  points.forEach(([x, y], k) => {
    toPoints.set([x, y, 0, 0, 1, 0], k * 6);
    toPoints.set([0, 0, x, y, 0, 1], (points.length + k) * 6);
  });
  const weights = g.constant(toPoints, [targetLength, 6, 1, 1], votes.places.dtype);
  const predicted = squeeze(g, conv(g, unsqueeze(g, votes.places, [2]), weights, null), [2]);
  const difference = sub(g, predicted, targets);
  const squares = mul(g, difference, difference);
  const half = (from: number) => slice(g, squares, { starts: [from], ends: [from + points.length], axes: [1] });
  const distances = sqrt(g, add(g, add(g, half(0), half(points.length)), 1e-6));
  const distance = mul(g, reduceSum(g, distances, { axes: [1], keepDims: true }), 1 / (points.length * tolerance));
  const worth = sub(g, logSoftmax(g, votes.confidence, 2), distance);
  return mul(g, reduceMean(g, logSumExp(g, worth, 2)), -1);
}
