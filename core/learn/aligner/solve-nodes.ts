import { add, div, mul, sub } from '../../graph/ops/arithmetic.ts';
import { concat, slice } from '../../graph/ops/movement.ts';
import type { Builder } from '../../graph/rule.ts';
import type { Value } from '../../graph/value.ts';

const tiny = 1e-12;

/**
 * Solves H x = b for a batch of positive definite H `[N, K, K]` and b `[N, K, 1]` by Gauss-Jordan elimination, which needs
 * no pivoting there. Where H and b are zero, so is x.
 */
export function solveNodes(g: Builder, matrix: Value, right: Value, size: number): Value {
  let rows = concat(g, [matrix, right], 2);
  for (let k = 0; k < size; k++) {
    const column = slice(g, rows, { starts: [k], ends: [k + 1], axes: [2] });
    const pivot = slice(g, column, { starts: [k], ends: [k + 1], axes: [1] });
    const row = div(g, slice(g, rows, { starts: [k], ends: [k + 1], axes: [1] }), add(g, pivot, tiny));
    const unit = Float32Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));
    rows = sub(g, rows, mul(g, sub(g, column, g.constant(unit, [1, size, 1])), row));
  }
  return slice(g, rows, { starts: [size], ends: [size + 1], axes: [2] });
}
