import { div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { concat, slice, transpose } from '../../graph/ops/movement.ts';
import { reduceSum } from '../../graph/ops/reduce.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';

/**
 * Takes back a share of the log-anisotropy of warps `[N, 3, 3]`: with L the linear part and E the traceless part of L'L
 * over its mean eigenvalue, L (I - share / 2 E), which is exact to first order in E.
 */
export function shrinkNodes(g: Builder, warps: Value, share: number): Value {
  if (share === 0) return warps;
  const linear = slice(g, warps, { starts: [0, 0], ends: [2, 2], axes: [1, 2] });
  const stretch = matMul(g, transpose(g, linear, [0, 2, 1]), linear);
  const unit = g.constant(Float32Array.of(1, 0, 0, 1), [1, 2, 2]);
  const trace = reduceSum(g, mul(g, stretch, unit), { axes: [1, 2], keepDims: true });
  const uneven = sub(g, mul(g, div(g, stretch, trace), 2), unit);
  const relaxed = matMul(g, linear, sub(g, unit, mul(g, uneven, share / 2)));
  const places = slice(g, warps, { starts: [0, 2], ends: [2, 3], axes: [1, 2] });
  const bottom = slice(g, warps, { starts: [2], ends: [3], axes: [1] });
  return concat(g, [concat(g, [relaxed, places], 2), bottom], 1);
}
