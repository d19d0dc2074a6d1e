import { applyPoint, type Matrix3 } from '../../../core/geometry/matrix.ts';
import type { Size } from '../../../core/geometry/units.ts';
import type { CanonicalToPixel } from '../../../core/geometry/warp-measure.ts';
import { bendPoint, type SplineNumbers } from './spline.ts';

/** What lies beyond the edge of an original in a crop. */
export type Outside = 'zeros' | 'border' | 'reflection' | 'transparent';

/** Which crop of an original is wanted. */
export interface CropPose {
  /** Canonical frame to pixels of the original. */
  readonly matrix: Matrix3;
  /** Bends the canonical frame before the matrix. */
  readonly spline: SplineNumbers | undefined;
  /** Of the crop, in pixels. */
  readonly size: Size;
  readonly outside: Outside;
}

/** Where a crop comes from: canonical points to pixel points of the original. */
export function mapOf({ matrix, spline }: CropPose): CanonicalToPixel {
  if (spline === undefined) return matrix;
  return (x, y) => {
    const p = bendPoint(spline, { x, y });
    return applyPoint(matrix, p.x, p.y);
  };
}

/** Whether two poses are of the same crop. */
export function isSamePose(a: CropPose, b: CropPose): boolean {
  return (
    a.matrix.every((value, n) => value === b.matrix[n]) &&
    a.spline === b.spline &&
    a.size.width === b.size.width &&
    a.size.height === b.size.height &&
    a.outside === b.outside
  );
}
