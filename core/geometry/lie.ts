import { keepFromZero } from './horizon.ts';
import { determinant, type Matrix3 } from './matrix.ts';
import { exponential, logarithm, scaleEntries } from './matrix-functions.ts';

/**
 * Exponential of a similarity's algebra element (rotation in radians, log of the scale, x, y).
 *
 * **Convention**: the element is [[l, -r, x], [r, l, y], [0, 0, 0]]; x and y are the velocity at the origin, not the
 * shift. Acts in the aspect frame.
 */
export function expSimilarity(element: readonly number[]): Matrix3 {
  const [rotation, logScale, x, y] = element;
  const growth = Math.exp(logScale);
  const a = growth * Math.cos(rotation);
  const b = growth * Math.sin(rotation);
  const [p, q] = meanOfExponential(logScale, rotation);
  return [a, -b, p * x - q * y, b, a, q * x + p * y, 0, 0, 1];
}

/**
 * Logarithm of a similarity: rotation in (-pi, pi], log of the scale, x, y. The inverse of `expSimilarity`; exact up to
 * and including half turns.
 *
 * **Throws** a RangeError when the matrix is not an orientation-keeping similarity of positive scale.
 */
export function logSimilarity(m: Matrix3): readonly [rotation: number, logScale: number, x: number, y: number] {
  const size = Math.hypot(m[0], m[3]);
  const error = Math.max(Math.abs(m[0] - m[4]), Math.abs(m[3] + m[1]), Math.abs(m[6]), Math.abs(m[7]));
  if (!(size > 0 && Number.isFinite(size) && error <= 1e-6 * size)) {
    throw new RangeError(`The matrix [${m.join(', ')}] is not a similarity.`);
  }
  const rotation = Math.atan2(m[3], m[0]);
  const logScale = Math.log(size);
  const [p, q] = meanOfExponential(logScale, rotation);
  const d = p * p + q * q;
  return [rotation, logScale, (p * m[2] + q * m[5]) / d, (p * m[5] - q * m[2]) / d];
}

/** (exp z - 1) / z for z = re + i im, the mean of exp(t z) over t in 0..1; a series near 0. */
function meanOfExponential(re: number, im: number): readonly [number, number] {
  const size = re * re + im * im;
  if (size < 1e-4) {
    /* Horner: 1 + z/2 (1 + z/3 (1 + z/4 (...))). */
    let [a, b] = [1, 0];
    for (let k = 8; k >= 2; k--) [a, b] = [1 + (re * a - im * b) / k, (re * b + im * a) / k];
    return [a, b];
  }
  const growth = Math.exp(re);
  const a = growth * Math.cos(im) - 1;
  const b = growth * Math.sin(im);
  return [(a * re + b * im) / size, (b * re - a * im) / size];
}

/** Exponential of an affine algebra element: the upper two rows of a 3 x 3 matrix, row-major, whose last row is 0. */
export function expAffine(element: readonly number[]): Matrix3 {
  const [a, b, x, c, d, y] = element;
  const m = exponential([a, b, x, c, d, y, 0, 0, 0]);
  return [m[0], m[1], m[2], m[3], m[4], m[5], 0, 0, 1];
}

/**
 * Logarithm of an affine map: the inverse of `expAffine`. Its 2 x 2 part in closed form from the eigenvalues, so that it
 * stays exact near half turns, where iterations fail.
 *
 * **Throws** a RangeError when there is no real logarithm: the map mirrors, or has two different negative eigenvalues.
 */
export function logAffine(m: Matrix3): readonly [number, number, number, number, number, number] {
  const [a, b, , c, d] = m;
  const det = a * d - b * c;
  const half = (a + d) / 2;
  const [offA, offD] = [(a - d) / 2, (d - a) / 2];
  const gap = offA * offA + b * c;
  const size = Math.hypot(a, b, c, d);
  const tiny = 1e-18 * size * size;
  if (!(det > 0) || (half <= 0 && gap >= -tiny && Math.hypot(offA, b, c) > 1e-8 * size)) {
    throw new RangeError(`The affine map [${m.join(', ')}] has no real logarithm: it mirrors or folds.`);
  }
  const diagonal = Math.log(det) / 2;
  const halfTurn = half <= 0 && gap >= -tiny;
  const factor = halfTurn ? 0 : angleOverSine(half, gap);
  const la = diagonal + factor * offA;
  const lb = halfTurn ? -Math.PI : factor * b;
  const lc = halfTurn ? Math.PI : factor * c;
  const ld = diagonal + factor * offD;
  const [p, q, r, s] = meanOfMatrixExponential(la, lb, lc, ld);
  const v = p * s - q * r;
  return [la, lb, (s * m[2] - q * m[5]) / v, lc, ld, (p * m[5] - r * m[2]) / v];
}

/** angle / sine of a 2 x 2 matrix with mean eigenvalue `half`, eigenvalues half ± sqrt(gap); hyperbolic for gap > 0. */
function angleOverSine(half: number, gap: number): number {
  if (half > 0 && Math.abs(gap) < 1e-5 * half * half) {
    const t = gap / (half * half);
    return (1 + t / 3 + (t * t) / 5 + t ** 3 / 7) / half;
  }
  const root = Math.sqrt(Math.abs(gap));
  return (gap > 0 ? Math.atanh(root / half) : Math.atan2(root, half)) / root;
}

/** The mean of exp(t L) over t in 0..1 for a 2 x 2 matrix L, read off the exponential of [[L, e], [0, 0]]. */
function meanOfMatrixExponential(
  a: number,
  b: number,
  c: number,
  d: number,
): readonly [number, number, number, number] {
  const first = exponential([a, b, 1, c, d, 0, 0, 0, 0]);
  const second = exponential([a, b, 0, c, d, 1, 0, 0, 0]);
  return [first[2], second[2], first[5], second[5]];
}

/** Exponential of a projective algebra element: the first eight entries of a 3 x 3 matrix with trace 0. */
export function expProjective(element: readonly number[]): Matrix3 {
  const [a, b, c, d, e, f, g, h] = element;
  const m = exponential([a, b, c, d, e, f, g, h, -a - e]);
  return scaleEntries(m, 1 / keepFromZero(m[8]));
}

/**
 * Logarithm of a projective map, the inverse of `expProjective`: eight entries of a matrix with trace 0.
 *
 * **Throws** a RangeError when there is no real logarithm.
 */
export function logProjective(m: Matrix3): readonly number[] {
  const det = determinant(m);
  if (!(Math.abs(det) > 0)) throw new RangeError(`The projective map [${m.join(', ')}] is singular.`);
  const log = logarithm(scaleEntries(m, 1 / Math.cbrt(det)));
  const mean = (log[0] + log[4] + log[8]) / 3;
  return [log[0] - mean, log[1], log[2], log[3], log[4] - mean, log[5], log[6], log[7]];
}
