import type { PinnedPoint } from '../../../core/geometry/fit.ts';
import type { Matrix3 } from '../../../core/geometry/matrix.ts';
import { applyPoint, invert } from '../../../core/geometry/matrix.ts';
import type { PixelPoint, Point } from '../../../core/geometry/units.ts';
import type { SplineNumbers } from '../../viewer/crop/spline.ts';
import { splineThrough } from '../../viewer/crop/spline.ts';
import { latticePoints } from '../../viewer/frame/lattice.ts';

/** Control points a side. */
const across = 3;

/** A thin plate spline that a person tries on a crop: control points in the canonical frame, and where they were dragged. */
export class Bend {
  readonly points = latticePoints(across);
  /** In canonical coordinates, before the matrix. */
  moved = $state.raw<readonly Point[]>(this.points);
  readonly isBent = $derived(this.moved !== this.points);
  readonly spline = $derived.by((): SplineNumbers | undefined =>
    this.isBent ? splineThrough(this.points, this.moved) : undefined,
  );

  clear(): void {
    this.moved = this.points;
  }

  /** Drags a control point to a pixel of the original. */
  move(n: number, matrix: Matrix3, to: PixelPoint): void {
    const { x, y } = applyPoint(invert(matrix), to.x, to.y);
    this.moved = this.moved.map((point, k) => (k === n ? { x, y } : point));
  }

  /** The control points as pins: a run keeps matrices, and takes the nearest one of its family. */
  pins(matrix: Matrix3): readonly PinnedPoint[] {
    return this.points.map((canonical, n) => ({
      canonical,
      image: applyPoint(matrix, this.moved[n].x, this.moved[n].y),
    }));
  }
}
