import { identity3, invert, multiply, type Matrix3 } from './matrix.ts';

/** Entry by entry: a + factor b. */
function addScaled(a: Matrix3, b: Matrix3, factor: number): Matrix3 {
  return a.map((value, i) => value + factor * b[i]) as unknown as Matrix3;
}

/** Every entry times a factor. */
export function scaleEntries(a: Matrix3, factor: number): Matrix3 {
  return a.map((value) => value * factor) as unknown as Matrix3;
}

/**
 * The same map with 1 as its last entry, which is how families with one parameter an entry write it.
 *
 * **Throws** a RangeError where the last entry is 0, or below 1e-9 of the largest: the map sends the origin to infinity.
 */
export function lastEntryOne(m: Matrix3): Matrix3 {
  if (m[8] === 1) return m;
  const largest = Math.max(...m.map(Math.abs));
  if (!(Math.abs(m[8]) > 1e-9 * largest)) {
    throw new RangeError(
      `The matrix [${m.join(', ')}] cannot be written with 1 as its last entry, which is ${m[8]} beside entries of up to ${largest}: it sends the centre of the crop to infinity. Bound the transforms that it was made from, so that they bend less.`,
    );
  }
  return scaleEntries(m, 1 / m[8]);
}

/** Largest sum of magnitudes in a row. */
export function rowNorm(a: Matrix3): number {
  const row = (i: number): number => Math.abs(a[i]) + Math.abs(a[i + 1]) + Math.abs(a[i + 2]);
  return Math.max(row(0), row(3), row(6));
}

/** How often the argument is halved before the series, and how many terms the series has. */
export interface ExponentialPlan {
  readonly squarings: number;
  readonly terms: number;
}

/** A plan that is exact to double precision for algebra elements of any size that a warp has. */
function planFor(norm: number): ExponentialPlan {
  return { squarings: norm > 0.25 ? Math.ceil(Math.log2(norm / 0.25)) : 0, terms: 12 };
}

/**
 * Exponential of a 3 x 3 matrix by scaling and squaring with a Taylor series: additions and products only.
 *
 * **Throws** a RangeError when an entry is not finite.
 * **Source**: C. Moler, C. Van Loan, "Nineteen dubious ways to compute the exponential of a matrix", method 3.
 */
export function exponential(a: Matrix3, plan: ExponentialPlan = planFor(rowNorm(a))): Matrix3 {
  if (!a.every((entry) => Number.isFinite(entry))) {
    throw new RangeError(`The exponential needs finite entries; found [${a.join(', ')}].`);
  }
  const small = scaleEntries(a, 2 ** -plan.squarings);
  let result = identity3;
  /* Horner: I + A (I + A/2 (I + A/3 (...))). */
  for (let k = plan.terms; k >= 1; k--) {
    result = addScaled(identity3, multiply(small, result), 1 / k);
  }
  for (let i = 0; i < plan.squarings; i++) result = multiply(result, result);
  return result;
}

/**
 * Square root of a matrix without negative eigenvalues.
 *
 * **Throws** a RangeError when the iteration does not settle: the matrix has no real square root, or nearly none.
 * **Source**: E. Denman, A. Beavers, "The matrix sign function and computations in systems", 1976.
 */
export function squareRoot(a: Matrix3): Matrix3 {
  let root = a;
  let inverse = identity3;
  for (let i = 0; i < 60; i++) {
    const next = scaleEntries(addScaled(root, invert(inverse), 1), 0.5);
    inverse = scaleEntries(addScaled(inverse, invert(root), 1), 0.5);
    const change = rowNorm(addScaled(next, root, -1));
    root = next;
    if (change <= 1e-15 * rowNorm(root)) break;
  }
  const error = rowNorm(addScaled(multiply(root, root), a, -1));
  if (!(error <= 1e-7 * rowNorm(a))) {
    throw new RangeError(`The matrix [${a.join(', ')}] has no real square root.`);
  }
  return root;
}

/**
 * Principal logarithm of a 3 x 3 matrix without negative eigenvalues, by inverse scaling and squaring.
 *
 * **Throws** a RangeError when there is no real logarithm.
 * **Source**: N. Higham, "Functions of matrices", chapter 11.
 */
export function logarithm(m: Matrix3): Matrix3 {
  let root = m;
  let roots = 0;
  while (rowNorm(addScaled(root, identity3, -1)) > 0.05) {
    if (++roots > 60) throw new RangeError(`The matrix [${m.join(', ')}] has no real logarithm.`);
    root = squareRoot(root);
  }
  /* log X = 2 artanh Z, Z = (X - I)(X + I)^-1: odd powers of a small matrix. */
  const z = multiply(addScaled(root, identity3, -1), invert(addScaled(root, identity3, 1)));
  const z2 = multiply(z, z);
  let sum = scaleEntries(identity3, 1 / 15);
  for (let k = 13; k >= 1; k -= 2) sum = addScaled(scaleEntries(identity3, 1 / k), multiply(z2, sum), 1);
  return scaleEntries(multiply(z, sum), 2 ** (roots + 1));
}
