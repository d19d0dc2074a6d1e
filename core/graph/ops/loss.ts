import { type Builder, axisOf } from '../rule.ts';
import { detach, type Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import type { Operand } from './broadcast.ts';
import { exp, log, sqrt } from './elementwise.ts';
import { squeeze } from './movement.ts';
import { logSoftmax, reduceMax, reduceMean, reduceSum } from './reduce.ts';

/** log of the sum of e^x along an axis, stable: the largest element is taken out first. */
export function logSumExp(g: Builder, x: Value, axis = -1, keepDims = false): Value {
  const along = { axes: [axis], keepDims: true };
  const largest = detach(reduceMax(g, x, along));
  const result = add(g, log(g, reduceSum(g, exp(g, sub(g, x, largest)), along)), largest);
  return keepDims ? result : squeeze(g, result, [axisOf('logSumExp', axis, x.shape.length)]);
}

/**
 * Mean cross entropy of class scores [N, K] against target probabilities [N, K] (one-hot for plain labels), optionally
 * weighted per sample [N]: a weight of 0 leaves a padded sample out, and the mean is over the sum of weights.
 */
export function crossEntropy(g: Builder, scores: Value, targets: Value, weights?: Value): Value {
  const each = mul(g, reduceSum(g, mul(g, targets, logSoftmax(g, scores)), { axes: [-1] }), -1);
  return weights ? div(g, reduceSum(g, mul(g, each, weights)), reduceSum(g, weights)) : reduceMean(g, each);
}

/** Mean of (a - b)². */
export function squaredError(g: Builder, a: Value, b: Operand): Value {
  const difference = sub(g, a, b);
  return reduceMean(g, mul(g, difference, difference));
}

/** x times `mask` (0 or 1, fed afresh each step) over the share that is kept. */
export function dropout(g: Builder, x: Value, mask: Value, rate: number): Value {
  return mul(g, x, mul(g, mask, 1 / (1 - rate)));
}

/** x divided by its Euclidean length along an axis; `epsilon` keeps the zero vector finite. */
export function normalise(g: Builder, x: Value, axis = -1, epsilon = 1e-12): Value {
  const squares = reduceSum(g, mul(g, x, x), { axes: [axis], keepDims: true });
  return div(g, x, sqrt(g, add(g, squares, epsilon)));
}
