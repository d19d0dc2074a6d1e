import type { FamilyName } from '../geometry/family.ts';
import { smallestW } from '../geometry/horizon.ts';
import { add, div, max, mul, sub } from '../graph/ops/arithmetic.ts';
import { cast, greaterOrEqual } from '../graph/ops/compare.ts';
import { abs } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/linear.ts';
import { reshape, slice } from '../graph/ops/movement.ts';
import type { Builder } from '../graph/rule.ts';
import type { Value } from '../graph/value.ts';

/** Shapes of the picture frames that a batch of transforms lies between. */
export interface NodeFrame {
  /** Width / height of the source images: one number for all, or one per image `[N]`. Default 1. */
  readonly aspect?: number | Value;
  /** Width / height of the crop; by default that of the images, so that the identity is the identity matrix. */
  readonly canonicalAspect?: number;
}

/** Entries of a 3 x 3 matrix as a linear function of parameters: parameters . basis + start. */
interface LinearForm {
  readonly basis: readonly (readonly number[])[];
  readonly start: readonly number[];
}

const unit = (...entries: readonly number[]): number[] =>
  Array.from({ length: 9 }, (_, i) => (entries.includes(i) ? 1 : 0));
const identity = unit(0, 4, 8);
const quarterTurn = [0, -1, 0, 1, 0, 0, 0, 0, 0];

/** Rotation, log scale, both log stretches, and shifts. */
const affineGenerators = [
  quarterTurn,
  unit(0, 4),
  [1, 0, 0, 0, -1, 0, 0, 0, 0],
  [0, 1, 0, 1, 0, 0, 0, 0, 0],
  unit(2),
  unit(5),
];

/** Matrices in the unit frame that are linear in their parameters, as `families` has them. */
const linearForms = {
  translation: { basis: [unit(2), unit(5)], start: identity },
  attention: { basis: [unit(0, 4), unit(2), unit(5)], start: unit(8) },
  affine: { basis: [0, 1, 2, 3, 4, 5].map((i) => unit(i)), start: unit(8) },
  projective: { basis: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => unit(i)), start: unit(8) },
} satisfies Partial<Record<FamilyName, LinearForm>>;

/** Algebra elements of families whose matrices are exponentials, acting in the aspect frame. */
const algebras = {
  rotation: { basis: [quarterTurn], start: unit() },
  similarity: { basis: [quarterTurn, unit(0, 4), unit(2), unit(5)], start: unit() },
  'affine-lie': { basis: affineGenerators, start: unit() },
  'projective-lie': { basis: [...affineGenerators, unit(6), unit(7)], start: unit() },
} satisfies Partial<Record<FamilyName, LinearForm>>;

/**
 * Adds the unit matrices `[N, 3, 3]` of a batch of transforms with parameters `[N, K]`, agreeing with `toMatrix`.
 *
 * **Convention**: canonical coordinates in, unit coordinates of the source out.
 */
export function transformNodes(g: Builder, family: FamilyName, parameters: Value, frame: NodeFrame = {}): Value {
  switch (family) {
    case 'translation':
    case 'attention':
    case 'affine':
    case 'projective':
      return linearNodes(g, parameters, linearForms[family]);
    case 'rotation':
    case 'similarity':
    case 'affine-lie':
      return squareUp(g, exponentialNodes(g, linearNodes(g, parameters, algebras[family])), frame);
    case 'projective-lie': {
      const raised = exponentialNodes(g, linearNodes(g, parameters, algebras[family]));
      const last = slice(g, raised, { starts: [2, 2], ends: [3, 3], axes: [1, 2] });
      return squareUp(g, div(g, raised, keepFromZeroNodes(g, last)), frame);
    }
  }
}

/** Adds M = parameters . basis + start, `[N, 3, 3]`: any linear family, with a fixed or a learned basis. */
function linearNodes(g: Builder, parameters: Value, { basis, start }: LinearForm): Value {
  const entries = matMul(g, parameters, g.constant(Float32Array.from(basis.flat()), [basis.length, 9]));
  const moved = start.some((entry) => entry !== 0)
    ? add(g, entries, g.constant(Float32Array.from(start), [1, 9]))
    : entries;
  return reshape(g, moved, [0, 3, 3]);
}

/** Halvings before the series, and its terms: exact to single precision for turns up to 180 degrees and scales to 8. */
const halvings = 5;
const terms = 6;

/**
 * Adds the exponentials `[N, 3, 3]` of algebra elements `[N, 3, 3]` by scaling and squaring: Mul, Add and MatMul only.
 *
 * What is squared is exp - 1, (1 + y)^2 - 1 = 2 y + y y, so that rounding errors do not double with every squaring.
 */
export function exponentialNodes(g: Builder, element: Value): Value {
  const one = g.constant(Float32Array.from(identity), [1, 3, 3]);
  const small = mul(g, element, 2 ** -halvings);
  let series = add(g, one, mul(g, small, 1 / terms));
  for (let k = terms - 1; k >= 2; k--) series = add(g, one, mul(g, matMul(g, small, series), 1 / k));
  let change = matMul(g, small, series);
  for (let i = 0; i < halvings; i++) change = add(g, mul(g, change, 2), matMul(g, change, change));
  return add(g, one, change);
}

/** From the frame in which circles are round to unit coordinates: x_out / aspect, x_in * canonicalAspect. */
function squareUp(g: Builder, matrix: Value, { aspect = 1, canonicalAspect }: NodeFrame): Value {
  if (typeof aspect === 'number') {
    const crop = canonicalAspect ?? aspect;
    if (aspect === 1 && crop === 1) return matrix;
    const factors = Float32Array.of(crop / aspect, 1 / aspect, 1 / aspect, crop, 1, 1, crop, 1, 1);
    return mul(g, matrix, g.constant(factors, [1, 3, 3]));
  }
  const perImage = reshape(g, aspect, [-1, 1, 1]);
  const rows = (top: number, rest: number): Value =>
    g.constant(Float32Array.of(top, top, top, rest, rest, rest, rest, rest, rest), [1, 3, 3]);
  const left = add(g, div(g, rows(1, 0), perImage), rows(0, 1));
  const columns = (first: number, rest: number): Value => g.constant(Float32Array.of(first, rest, rest), [1, 1, 3]);
  const right =
    canonicalAspect === undefined
      ? add(g, mul(g, perImage, columns(1, 0)), columns(0, 1))
      : columns(canonicalAspect, 1);
  return mul(g, matrix, mul(g, left, right));
}

/** Adds w moved out of (-1e-6, 1e-6), its sign kept, so that it may divide. */
export function keepFromZeroNodes(g: Builder, w: Value): Value {
  const sign = sub(g, mul(g, cast(g, greaterOrEqual(g, w, 0), 'float32'), 2), 1);
  return mul(g, sign, max(g, abs(g, w), smallestW));
}

/** Adds the upper two rows `[N, 2, 3]` of affine matrices `[N, 3, 3]`, the form that grids of affine maps are made from. */
export function upperRows(g: Builder, matrix: Value): Value {
  return slice(g, matrix, { starts: [0], ends: [2], axes: [1] });
}
