import { applyPoint, invert, multiply } from './matrix.ts';
import type { Matrix3 } from './matrix.ts';
import { nearestSimilarity } from './linear-part.ts';
import { toDegrees, wrapAngle } from './units.ts';
import type { Degrees } from './units.ts';

/** How far aligned images still are from each other, given their true poses: medians over the images. */
export interface PoseResiduals {
  /** Rotation away from the set's common one. */
  readonly rotation: Degrees;
  /** Factor of scale away from the set's common one, 1 or more. */
  readonly scale: number;
  /** Shift away from the set's common place, as a share of the object frame's half side. */
  readonly shift: number;
}

/**
 * Compares found transforms with true ones. What all images have in common is free: only differences count.
 *
 * **Convention**: `found` takes the canonical frame, `truth` the object's own frame, to pixels of the same image.
 */
export function poseResiduals(images: readonly { readonly found: Matrix3; readonly truth: Matrix3 }[]): PoseResiduals {
  const poses = images.map(({ found, truth }) => {
    const toObject = multiply(invert(truth), found);
    const similarity = nearestSimilarity(toObject);
    const angle = Math.atan2(similarity[3], similarity[0]);
    return { angle, logScale: Math.log(Math.hypot(similarity[0], similarity[3])), centre: applyPoint(toObject, 0, 0) };
  });
  const common = medianAngle(poses.map(({ angle }) => angle));
  const logScale = median(poses.map((pose) => pose.logScale));
  const x = median(poses.map(({ centre }) => centre.x));
  const y = median(poses.map(({ centre }) => centre.y));
  return {
    rotation: toDegrees(wrapAngle(median(poses.map(({ angle }) => Math.abs(wrapAngle(angle - common)))))),
    scale: Math.exp(median(poses.map((pose) => Math.abs(pose.logScale - logScale)))),
    shift: median(poses.map(({ centre }) => Math.hypot(centre.x - x, centre.y - y))),
  };
}

/** The one of the angles that is nearest to all the others; a few that point elsewhere do not move it. */
function medianAngle(angles: readonly number[]): number {
  const away = (from: number) => angles.reduce((sum, angle) => sum + Math.abs(wrapAngle(angle - from)), 0);
  return angles.reduce((best, angle) => (away(angle) < away(best) ? angle : best), angles[0] ?? 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
