import { add, div, max, min, mul } from './ops/arithmetic.ts';
import { clip, sqrt } from './ops/elementwise.ts';
import { reduceSum } from './ops/reduce.ts';
import type { Builder } from './rule.ts';
import type { Value } from './value.ts';

/** Gradients scaled down together where their common Euclidean norm is above `maxNorm`, and that norm. */
export function clipByNorm(
  g: Builder,
  gradients: readonly Value[],
  maxNorm: number,
): { gradients: Value[]; norm: Value } {
  const squares = gradients.map((gradient) => reduceSum(g, mul(g, gradient, gradient)));
  const norm = sqrt(
    g,
    squares.reduce((a, b) => add(g, a, b)),
  );
  const factor = min(g, div(g, maxNorm, max(g, norm, 1e-12)), 1);
  return { gradients: gradients.map((gradient) => mul(g, gradient, factor)), norm };
}

/** Gradients with every element held between -limit and limit. */
export function clipByValue(g: Builder, gradients: readonly Value[], limit: number): Value[] {
  return gradients.map((gradient) => clip(g, gradient, { min: -limit, max: limit }));
}
