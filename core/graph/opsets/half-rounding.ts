import { add, mul, sub } from '../ops/arithmetic.ts';
import { cast, greaterOrEqual, less, where } from '../ops/compare.ts';
import { abs } from '../ops/elementwise.ts';
import type { Builder } from '../rule.ts';
import { detach, type Value } from '../value.ts';

/** What a half float holds of a float32. */
interface HalfFloat {
  /** Binary digits that it lacks. */
  readonly lost: number;
  /** From here on numbers become infinite: halfway from the largest one to the next power of two. */
  readonly beyond: number;
  /** Below this it has as many digits as are left down to the smallest number. */
  readonly normal: number;
  /** A number around which float32 has the steps of its smallest numbers. */
  readonly asCoarse: number;
}

/** **Source**: IEEE 754-2008 binary16; a bfloat16 is the upper half of a float32. */
const kinds = {
  float16: { lost: 13, beyond: 65520, normal: 2 ** -14, asCoarse: 0.75 },
  bfloat16: { lost: 16, beyond: (2 - 2 ** -8) * 2 ** 127, normal: 2 ** -126, asCoarse: 1.5 * 2 ** -110 },
} as const satisfies Record<string, HalfFloat>;

/**
 * x as the float32 that float16 or bfloat16 makes of it: the nearest one that they hold, of two as near the even one, infinite
 * beyond the largest. Gradients pass as if nothing were rounded. It is made of float32 arithmetic: in float64 nothing is lost.
 */
export function roundToHalf(g: Builder, x: Value, kind: keyof typeof kinds): Value {
  const { lost, beyond, normal, asCoarse } = kinds[kind];
  const wide = cast(g, x, 'float32');
  const size = abs(g, wide);
  const small = sub(g, add(g, wide, asCoarse), asCoarse);
  const scaled = mul(g, shortened(g, mul(g, wide, 2 ** -32), lost), 2 ** 32);
  const near = where(g, less(g, size, 1), shortened(g, wide, lost), scaled);
  const finite = where(g, less(g, size, normal), small, near);
  return where(g, greaterOrEqual(g, size, beyond), detach(mul(g, wide, Infinity)), finite);
}

/** x without its last digits, rounded; fails where x times a power of two overflows. **Source**: Dekker 1971 (Veltkamp's splitting). */
function shortened(g: Builder, x: Value, digits: number): Value {
  const product = mul(g, x, 2 ** digits + 1);
  return sub(g, product, sub(g, product, x));
}
