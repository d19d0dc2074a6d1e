import type { Builder } from '../rule.ts';
import type { Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import type { Operand } from './broadcast.ts';
import { clip, sqrt } from './elementwise.ts';
import { weightedMean } from './loss.ts';

/** Where a robust loss bends, and the weight [N] of each sample (see `weightedMean`). */
interface RobustOptions {
  readonly scale?: number;
  readonly weights?: Value;
}

/**
 * Mean Huber loss of r = a - b: r² / 2 up to `scale`, scale (|r| - scale / 2) beyond. **Source**: Huber 1964.
 */
export function huber(g: Builder, a: Value, b: Operand, { scale = 1, weights }: RobustOptions = {}): Value {
  const difference = sub(g, a, b);
  const held = clip(g, difference, { min: -scale, max: scale });
  return weightedMean(g, mul(g, held, sub(g, difference, mul(g, held, 0.5))), weights);
}

/** Mean Charbonnier loss of r = a - b: sqrt(r² + scale²), a smooth |r|. **Source**: Charbonnier et al. 1994. */
export function charbonnier(g: Builder, a: Value, b: Operand, { scale = 1e-3, weights }: RobustOptions = {}): Value {
  const difference = sub(g, a, b);
  return weightedMean(g, sqrt(g, add(g, mul(g, difference, difference), scale * scale)), weights);
}

/**
 * Mean Geman-McClure loss of r = a - b: r² / (r² + scale²), from 0 to 1, so that outliers stop counting.
 * **Source**: Geman and McClure 1985.
 */
export function gemanMcClure(g: Builder, a: Value, b: Operand, { scale = 1, weights }: RobustOptions = {}): Value {
  const difference = sub(g, a, b);
  const squared = mul(g, difference, difference);
  return weightedMean(g, div(g, squared, add(g, squared, scale * scale)), weights);
}
