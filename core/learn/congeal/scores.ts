import type { Matrix3 } from '../../geometry/matrix.ts';
import { readPose } from './gauge.ts';
import { wrap } from './search.ts';

/** Middle value of a list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Standard deviation estimated from the median absolute deviation. */
function robustDeviation(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}

/** Scores further than this many deviations below the median are flagged. */
const flagBelow = 2;

/**
 * Which members fit the set badly: their similarity is below median - 2 deviations. The deviation is that of the better
 * half, so that many strangers cannot hide each other.
 */
export function flagOutliers(similarities: readonly number[]): boolean[] {
  if (similarities.length < 4) return similarities.map(() => false);
  const middle = median(similarities);
  const better = similarities.filter((similarity) => similarity > middle).map((similarity) => similarity - middle);
  if (better.length === 0) return similarities.map(() => false);
  const limit = middle - flagBelow * 1.4826 * median(better);
  return similarities.map((similarity) => similarity < limit);
}

/**
 * How unusual each warp is within its set: distance of (rotation, log scale, shift) from the medians, in robust
 * deviations. Rotations count only when `withRotation`.
 */
export function distancesFromSet(warps: readonly Matrix3[], withRotation: boolean): number[] {
  const poses = warps.map((warp) => readPose(warp));
  const columns: number[][] = [
    poses.map((pose) => Math.log(pose.scale)),
    warps.map((warp) => warp[2]),
    warps.map((warp) => warp[5]),
  ];
  if (withRotation) columns.push(poses.map((pose) => wrap(pose.rotation)));
  const standard = columns.map((column) => {
    const [middle, spread] = [median(column), Math.max(robustDeviation(column), 1e-3)];
    return column.map((value) => (value - middle) / spread);
  });
  return warps.map((_, n) => Math.hypot(...standard.map((column) => column[n])));
}
