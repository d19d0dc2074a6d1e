import { invert, multiply, type Matrix3 } from './matrix.ts';
import { wrapAngle, type Radians } from './units.ts';

/**
 * The angle with the least sum of squared distances around the circle to the given angles (radians): exact, also for
 * angles on both sides of the half turn, where averaging numbers or logs fails.
 *
 * **Throws** a RangeError when there are none.
 * **Source**: T. Hotz, S. Huckemann, "Intrinsic means on the circle", 2015: the mean is the ordinary mean turned by one of
 * the n multiples of 2 pi / n.
 */
export function meanAngle(angles: readonly number[]): Radians {
  const count = angles.length;
  if (count === 0) throw new RangeError('A mean angle needs at least one angle; none were given.');
  const sorted = angles.map((angle) => wrapAngle(angle) as number).sort((a, b) => a - b);
  const turn = 2 * Math.PI;
  let sum = sorted.reduce((a, b) => a + b, 0);
  let squares = sorted.reduce((a, b) => a + b * b, 0);
  let [best, least] = [0, Infinity];
  for (const angle of sorted) {
    const cost = squares - (sum * sum) / count;
    if (cost < least - 1e-12) [best, least] = [sum / count, cost];
    sum += turn;
    squares += turn * (2 * angle + turn);
  }
  return wrapAngle(best);
}

/** What a mean on a group needs: the exponential and the logarithm of its matrices. */
export interface Algebra {
  exp(element: readonly number[]): Matrix3;
  log(matrix: Matrix3): readonly number[];
}

/**
 * Karcher mean of a set of transforms: the one from which the logs of all sum to zero, found from a starting guess. It
 * does not depend on the frame: the mean of `g x_i h` is `g mean h`.
 *
 * **Throws** a RangeError when there are none, or where one of them is too far from the mean to have a logarithm.
 * **Source**: X. Pennec, V. Arsigny, "Exponential barycenters of the canonical Cartan connection", 2013.
 */
export function karcherMean(matrices: readonly Matrix3[], algebra: Algebra, start: Matrix3): Matrix3 {
  if (matrices.length === 0) throw new RangeError('A mean transform needs at least one transform; none were given.');
  let mean = start;
  for (let round = 0; round < 50; round++) {
    const back = invert(mean);
    const logs = matrices.map((matrix) => algebra.log(multiply(back, matrix)));
    const step = logs[0].map((_, i) => logs.reduce((sum, log) => sum + log[i], 0) / matrices.length);
    mean = multiply(mean, algebra.exp(step));
    if (Math.hypot(...step) < 1e-13) break;
  }
  return mean;
}
