import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast, greaterOrEqual } from '../../graph/ops/compare.ts';
import { exp } from '../../graph/ops/elementwise.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { reshape, transpose } from '../../graph/ops/movement.ts';
import { reduceMax, reduceMean, reduceSum, softmax } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';
import type { Votes } from './vote-net.ts';

/** Deviation, in half windows, within which votes count as near each other. */
const near = 0.15;

/**
 * The warp that a batch of votes agrees on `[N, 3, 3]`: the most confident vote, then the mean of the votes near it,
 * weighted by confidence.
 */
export function agreeNodes(g: Builder, { confidence, places }: Votes): Value {
  const share = softmax(g, confidence, 2);
  const top = cast(g, greaterOrEqual(g, share, reduceMax(g, share, { axes: [2], keepDims: true })), 'float32');
  const mean = (weights: Value) =>
    div(
      g,
      reduceSum(g, mul(g, places, weights), { axes: [2], keepDims: true }),
      reduceSum(g, weights, { axes: [2], keepDims: true }),
    );
  const away = sub(g, places, mean(top));
  const squares = reduceMean(g, mul(g, away, away), { axes: [1], keepDims: true });
  const close = exp(g, mul(g, squares, -1 / (2 * near * near)));
  const agreed = mean(mul(g, share, close));
  const spread = new Float32Array(6 * 9);
  [0, 1, 3, 4, 2, 5].forEach((entry, k) => {
    spread[k * 9 + entry] = 1;
  });
  const matrix = matMul(g, transpose(g, agreed, [0, 2, 1]), g.constant(spread, [6, 9]));
  return reshape(g, add(g, matrix, g.constant(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1), [1, 1, 9])), [0, 3, 3]);
}
