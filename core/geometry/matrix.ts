import { keepFromZero, leastW } from './horizon.ts';
import type { Point } from './units.ts';

/** A 3 x 3 matrix, row-major, that acts on column vectors (x, y, 1). */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** The map that changes nothing. */
export const identity3: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Multiplies two matrices. **Convention**: `multiply(a, b)` is a after b. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  return [
    a[0] * b[0] + a[1] * b[3] + a[2] * b[6],
    a[0] * b[1] + a[1] * b[4] + a[2] * b[7],
    a[0] * b[2] + a[1] * b[5] + a[2] * b[8],
    a[3] * b[0] + a[4] * b[3] + a[5] * b[6],
    a[3] * b[1] + a[4] * b[4] + a[5] * b[7],
    a[3] * b[2] + a[4] * b[5] + a[5] * b[8],
    a[6] * b[0] + a[7] * b[3] + a[8] * b[6],
    a[6] * b[1] + a[7] * b[4] + a[8] * b[7],
    a[6] * b[2] + a[7] * b[5] + a[8] * b[8],
  ];
}

/** Multiplies any number of matrices. **Convention**: the last one acts first. */
export function chain(...matrices: readonly Matrix3[]): Matrix3 {
  return matrices.reduce(multiply, identity3);
}

/** Determinant of a 3 x 3 matrix. */
export function determinant(m: Matrix3): number {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

/**
 * Inverts a matrix through its cofactors; an affine matrix gives an exactly affine inverse.
 *
 * **Throws** a RangeError when the matrix has no inverse.
 */
export function invert(m: Matrix3): Matrix3 {
  const d = determinant(m);
  if (d === 0 || !Number.isFinite(d)) {
    throw new RangeError(`The matrix [${m.join(', ')}] has no inverse: its determinant is ${d}.`);
  }
  const affine = isAffine(m);
  return [
    (m[4] * m[8] - m[5] * m[7]) / d,
    (m[2] * m[7] - m[1] * m[8]) / d,
    (m[1] * m[5] - m[2] * m[4]) / d,
    (m[5] * m[6] - m[3] * m[8]) / d,
    (m[0] * m[8] - m[2] * m[6]) / d,
    (m[2] * m[3] - m[0] * m[5]) / d,
    affine ? 0 : (m[3] * m[7] - m[4] * m[6]) / d,
    affine ? 0 : (m[1] * m[6] - m[0] * m[7]) / d,
    affine ? 1 : (m[0] * m[4] - m[1] * m[3]) / d,
  ];
}

/** Maps a point; divides by w where the matrix is projective, kept away from 0 as in grids. */
export function applyPoint(m: Matrix3, x: number, y: number): Point {
  const w = keepFromZero(m[6] * x + m[7] * y + m[8], leastW(m));
  return { x: (m[0] * x + m[1] * y + m[2]) / w, y: (m[3] * x + m[4] * y + m[5]) / w };
}

/** True when the last row is exactly 0, 0, 1, so that no division by w is needed. */
export function isAffine(m: Matrix3): boolean {
  return m[6] === 0 && m[7] === 0 && m[8] === 1;
}

/** Moves by (x, y). */
export function translate(x: number, y: number): Matrix3 {
  return [1, 0, x, 0, 1, y, 0, 0, 1];
}

/** Scales x and y about the origin. */
export function scale(x: number, y: number = x): Matrix3 {
  return [x, 0, 0, 0, y, 0, 0, 0, 1];
}

/** Rotates about the origin by an angle in radians, from x towards y (clockwise on screen). */
export function rotate(angle: number): Matrix3 {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

/**
 * Partial derivatives of the mapped point at (x, y): [dX/dx, dX/dy, dY/dx, dY/dy].
 *
 * **Convention**: divides by w as `applyPoint` does.
 */
export function jacobian(m: Matrix3, x: number, y: number): readonly [number, number, number, number] {
  const w = keepFromZero(m[6] * x + m[7] * y + m[8], leastW(m));
  const p = applyPoint(m, x, y);
  return [(m[0] - p.x * m[6]) / w, (m[1] - p.x * m[7]) / w, (m[3] - p.y * m[6]) / w, (m[4] - p.y * m[7]) / w];
}

/** The two singular values of the 2 x 2 matrix [[a, b], [c, d]], larger first. */
export function singularValues(a: number, b: number, c: number, d: number): readonly [number, number] {
  const sum = Math.hypot(a + d, c - b);
  const difference = Math.hypot(a - d, c + b);
  return [(sum + difference) / 2, Math.abs(sum - difference) / 2];
}
