import type { Matrix3 } from './matrix.ts';
import { lastEntryOne } from './matrix-functions.ts';

/**
 * The orientation-keeping similarity nearest to a matrix in the least-squares sense of its 2 x 2 part; the origin goes to
 * the same place. A mirroring matrix gives the similarity nearest to it all the same, possibly a very small one.
 *
 * **Throws** a RangeError for a matrix that sends the origin to infinity.
 */
export function nearestSimilarity(m: Matrix3): Matrix3 {
  const [p, q, x, r, s, y] = lastEntryOne(m);
  const a = (p + s) / 2;
  const b = (r - q) / 2;
  return [a, -b, x, b, a, y, 0, 0, 1];
}

/** A 2 x 2 matrix [[a, b], [c, d]] as turn(left) diag(large, small) turn(right), angles in radians, large >= |small|. */
export interface LinearParts {
  readonly left: number;
  readonly right: number;
  readonly large: number;
  /** Negative for a matrix that mirrors. */
  readonly small: number;
}

/** Singular value decomposition of a 2 x 2 matrix in closed form. **Source**: J. Blinn, "Consider the lowly 2 x 2 matrix". */
export function linearParts(a: number, b: number, c: number, d: number): LinearParts {
  const sum = Math.hypot(a + d, c - b);
  const difference = Math.hypot(a - d, c + b);
  const turnSum = Math.atan2(c - b, a + d);
  const turnDifference = Math.atan2(c + b, a - d);
  return {
    left: (turnSum + turnDifference) / 2,
    right: (turnSum - turnDifference) / 2,
    large: (sum + difference) / 2,
    small: (sum - difference) / 2,
  };
}

/** The 2 x 2 matrix with its singular values moved between low and high; its turns and its handedness stay. */
export function boundLinear(
  a: number,
  b: number,
  c: number,
  d: number,
  low: number,
  high: number,
): readonly [number, number, number, number] {
  const { left, right, large, small } = linearParts(a, b, c, d);
  if (Math.abs(small) >= low && large <= high) return [a, b, c, d];
  const clamp = (value: number): number => Math.min(high, Math.max(low, value));
  const x = clamp(large);
  const y = (small < 0 ? -1 : 1) * clamp(Math.abs(small));
  const [cl, sl, cr, sr] = [Math.cos(left), Math.sin(left), Math.cos(right), Math.sin(right)];
  return [cl * x * cr - sl * y * sr, -cl * x * sr - sl * y * cr, sl * x * cr + cl * y * sr, -sl * x * sr + cl * y * cr];
}
