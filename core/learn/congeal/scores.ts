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

/** Images whose doubts, similarity and pose together, reach this many deviations are flagged. */
const flagFrom = 4.07;
/** Most that an unusual pose counts: alone it never flags, for an object may stand anywhere. */
const mostOfPose = 3.5;

/**
 * Which members fit the set badly: by how much their similarity stays below the median plus how unusual their pose is
 * (`distances`, in robust deviations). Strangers look a little less alike and end at odd sizes and places; both together
 * tell them from members better than either. The deviation of the similarity is that of the better half, so that many
 * strangers cannot hide each other.
 */
export function flagOutliers(similarities: readonly number[], distances: readonly number[]): boolean[] {
  if (similarities.length < 4) return similarities.map(() => false);
  const middle = median(similarities);
  const better = similarities.filter((similarity) => similarity > middle).map((similarity) => similarity - middle);
  const deviation = better.length === 0 ? 0 : 1.4826 * median(better);
  if (deviation === 0) return similarities.map(() => false);
  return similarities.map(
    (similarity, n) => (middle - similarity) / deviation + Math.min(mostOfPose, distances[n]) >= flagFrom,
  );
}

/** Most deviations that one number of a pose may count. */
const farthest = 6;

/**
 * How unusual each warp is within its set: how far rotation, log scale and shift are from the medians, in robust
 * deviations (root mean square). Rotations count only when `withRotation`.
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
    return column.map((value) => Math.min(farthest, Math.abs(value - middle) / spread));
  });
  return warps.map((_, n) => Math.hypot(...standard.map((column) => column[n])) / Math.sqrt(standard.length));
}
