import { solve } from './solve.ts';
import type { Point } from './units.ts';

/** A shift at every place, and how it changes. */
export interface ShiftField {
  /** Writes [shift x, shift y, their derivatives by x and by y: dX/dx, dX/dy, dY/dx, dY/dy]. */
  read(x: number, y: number, into: Float64Array): void;
}

/** Says how much each of some fixed control points counts at a place. */
export interface Cardinals {
  /** Where the control points lie in the canonical frame. */
  readonly points: readonly Point[];
  /** Weights at a place, one per point: a shift there is the weighted sum of those of the points. */
  weights(x: number, y: number): Float64Array;
  /** The field of shifts given for each point, x_1, y_1, x_2 and so on; faster than weights where many places are read. */
  field(shifts: ArrayLike<number>): ShiftField;
}

/** The lattice of `columns` x `rows` control points at given places of both axes, row by row. */
export function latticePoints(columns: ArrayLike<number>, rows: ArrayLike<number>): readonly Point[] {
  return Array.from({ length: rows.length * columns.length }, (_, i) => ({
    x: columns[i % columns.length],
    y: rows[Math.floor(i / columns.length)],
  }));
}

/** r² log r², the bending of a thin plate held in one point; 0 there. */
function plate(squared: number): number {
  return squared === 0 ? 0 : squared * Math.log(squared);
}

/**
 * Solves the thin plate spline for fixed control points, once and in float64. The spline through other places of the
 * points is then a plain weighted sum of them, which is what makes it one matrix product in a graph.
 *
 * **Throws** a RangeError when the points lie on a line or two of them in one place.
 * **Source**: F. Bookstein, "Principal warps: thin-plate splines and the decomposition of deformations", 1989.
 */
export function thinPlate(points: readonly Point[]): Cardinals {
  const count = points.length;
  const size = count + 3;
  const straight = ({ x, y }: Point, part: number): number => [1, x, y][part];
  const system = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      if (i < count && j < count) return plate((points[i].x - points[j].x) ** 2 + (points[i].y - points[j].y) ** 2);
      if (i >= count && j >= count) return 0;
      return i < count ? straight(points[i], j - count) : straight(points[j], i - count);
    }),
  );
  /* Row k: coefficients of the spline that is 1 in point k and 0 in all others. */
  const coefficients = points.map((_, k) =>
    solve(
      system,
      Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)),
    ),
  );
  return {
    points,
    weights: (x, y) => {
      const terms = [...points.map((p) => plate((x - p.x) ** 2 + (y - p.y) ** 2)), 1, x, y];
      return Float64Array.from(coefficients, (row) => row.reduce((sum, value, i) => sum + value * terms[i], 0));
    },
    field: (shifts) => {
      const [xs, ys] = [Float64Array.from(points, (p) => p.x), Float64Array.from(points, (p) => p.y)];
      const [forX, forY] = [0, 1].map((axis) =>
        Float64Array.from({ length: size }, (_, i) =>
          coefficients.reduce((sum, row, k) => sum + row[i] * shifts[2 * k + axis], 0),
        ),
      );
      return {
        read: (x, y, into) => {
          readPlate(xs, ys, forX, forY, x, y, into);
        },
      };
    },
  };
}

function readPlate(
  xs: Float64Array,
  ys: Float64Array,
  forX: Float64Array,
  forY: Float64Array,
  x: number,
  y: number,
  into: Float64Array,
): void {
  const count = xs.length;
  let shiftX = forX[count] + forX[count + 1] * x + forX[count + 2] * y;
  let shiftY = forY[count] + forY[count + 1] * x + forY[count + 2] * y;
  let [xx, xy, yx, yy] = [forX[count + 1], forX[count + 2], forY[count + 1], forY[count + 2]];
  for (let k = 0; k < count; k++) {
    const dx = x - xs[k];
    const dy = y - ys[k];
    const squared = dx * dx + dy * dy;
    if (squared === 0) continue;
    const logarithm = Math.log(squared);
    const slope = 2 * (logarithm + 1);
    shiftX += forX[k] * squared * logarithm;
    shiftY += forY[k] * squared * logarithm;
    xx += forX[k] * slope * dx;
    xy += forX[k] * slope * dy;
    yx += forY[k] * slope * dx;
    yy += forY[k] * slope * dy;
  }
  into[0] = shiftX;
  into[1] = shiftY;
  into[2] = xx;
  into[3] = xy;
  into[4] = yx;
  into[5] = yy;
}
