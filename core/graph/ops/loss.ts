import { GraphError } from '../graph-error.ts';
import { type Builder, axisOf, shapeText } from '../rule.ts';
import { sameShape } from '../tensor.ts';
import { detach, type Value } from '../value.ts';
import { add, div, max, mul, sub } from './arithmetic.ts';
import type { Operand } from './broadcast.ts';
import { exp, log, sqrt } from './elementwise.ts';
import { reshape, squeeze } from './movement.ts';
import { logSoftmax, reduceMax, reduceMean, reduceSum } from './reduce.ts';

/** log of the sum of e^x along an axis, stable: the largest element is taken out first. */
export function logSumExp(g: Builder, x: Value, axis = -1, keepDims = false): Value {
  const along = { axes: [axis], keepDims: true };
  const largest = detach(reduceMax(g, x, along));
  const result = add(g, log(g, reduceSum(g, exp(g, sub(g, x, largest)), along)), largest);
  return keepDims ? result : squeeze(g, result, [axisOf('logSumExp', axis, x.shape.length)]);
}

/** x divided by its Euclidean length along an axis; `epsilon` keeps the zero vector finite. */
export function normalise(g: Builder, x: Value, axis = -1, epsilon = 1e-12): Value {
  const squares = reduceSum(g, mul(g, x, x), { axes: [axis], keepDims: true });
  return div(g, x, sqrt(g, add(g, squares, epsilon)));
}

/**
 * The mean of a loss given for each sample, optionally weighted per sample [N]: a weight of 0 leaves a padded sample out,
 * and the mean is over the sum of weights, which must not be 0.
 */
export function weightedMean(g: Builder, each: Value, weights?: Value): Value {
  if (!weights) return reduceMean(g, each);
  if (!sameShape(weights.shape, each.shape.slice(0, 1))) {
    throw new GraphError(
      `weights ${shapeText(weights.shape)} for a loss of shape ${shapeText(each.shape)}, expected one per sample, [N]`,
    );
  }
  const beside = reshape(
    g,
    weights,
    each.shape.map((size, axis) => (axis === 0 ? size : 1)),
  );
  const within = each.shape.slice(1).reduce((a, b) => a * b, 1);
  return div(g, reduceSum(g, mul(g, each, beside)), mul(g, reduceSum(g, weights), within));
}

/** Mean cross entropy of class scores [N, K] against target probabilities [N, K] (one-hot for plain labels), stable. */
export function crossEntropy(g: Builder, scores: Value, targets: Value, weights?: Value): Value {
  if (!sameShape(scores.shape, targets.shape)) {
    throw new GraphError(
      `crossEntropy: targets ${shapeText(targets.shape)}, expected ${shapeText(scores.shape)} like the scores`,
    );
  }
  const each = mul(g, reduceSum(g, mul(g, targets, logSoftmax(g, scores)), { axes: [-1] }), -1);
  return weightedMean(g, each, weights);
}

/**
 * Mean hinge of triplets of descriptors [N, K], max(0, |anchor - positive|² - |anchor - negative|² + margin): the positive
 * must be closer than the negative by the margin, in squared distance.
 */
export function tripletHinge(
  g: Builder,
  anchor: Value,
  positive: Value,
  negative: Value,
  { margin = 1, weights }: { readonly margin?: number; readonly weights?: Value } = {},
): Value {
  const distance = (to: Value): Value => {
    const difference = sub(g, anchor, to);
    return reduceSum(g, mul(g, difference, difference), { axes: [-1] });
  };
  const each = max(g, 0, add(g, sub(g, distance(positive), distance(negative)), margin));
  return weightedMean(g, each, weights);
}

/** Mean of 1 - cosine of the angle between descriptors a and b [N, K]: 0 for the same direction, 2 for opposite ones. */
export function cosineDistance(g: Builder, a: Value, b: Value, weights?: Value): Value {
  const cosine = reduceSum(g, mul(g, normalise(g, a), normalise(g, b)), { axes: [-1] });
  return weightedMean(g, sub(g, 1, cosine), weights);
}

/** Mean of (a - b)². */
export function squaredError(g: Builder, a: Value, b: Operand, weights?: Value): Value {
  const difference = sub(g, a, b);
  return weightedMean(g, mul(g, difference, difference), weights);
}
