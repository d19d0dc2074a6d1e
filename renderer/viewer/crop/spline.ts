import { solve } from '../../../core/geometry/solve.ts';
import type { Point } from '../../../core/geometry/units.ts';
import type { Matrix3 } from '../../../core/geometry/matrix.ts';
import { mostControlPoints } from './shaders.ts';

/** A thin plate spline as the shader takes it: `straight * (x, y, 1)` plus the bends times r² log r² of each point. */
export interface SplineNumbers {
  readonly count: number;
  readonly points: Float32Array;
  readonly bends: Float32Array;
  readonly straight: Matrix3;
}

/** r² log r², the bending of a thin plate held in one point; 0 there. */
function plate(squared: number): number {
  return squared === 0 ? 0 : squared * Math.log(squared);
}

/**
 * The thin plate spline that takes some points to others.
 *
 * **Throws** a RangeError for more points than the shader takes, when they lie on a line or two of them in one place.
 * **Source**: F. Bookstein, "Principal warps: thin-plate splines and the decomposition of deformations", 1989.
 */
export function splineThrough(from: readonly Point[], to: readonly Point[]): SplineNumbers {
  const count = from.length;
  if (count > mostControlPoints)
    throw new RangeError(`A spline takes at most ${mostControlPoints} control points; ${count} were given.`);
  const size = count + 3;
  const straightTerm = ({ x, y }: Point, part: number): number => [1, x, y][part];
  const system = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      if (i < count && j < count) return plate((from[i].x - from[j].x) ** 2 + (from[i].y - from[j].y) ** 2);
      if (i >= count && j >= count) return 0;
      return i < count ? straightTerm(from[i], j - count) : straightTerm(from[j], i - count);
    }),
  );
  const [x, y] = (['x', 'y'] as const).map((axis) => solve(system, [...to.map((p) => p[axis]), 0, 0, 0]));
  return {
    count,
    points: Float32Array.from(from.flatMap((p) => [p.x, p.y])),
    bends: Float32Array.from(from.flatMap((_, k) => [x[k], y[k]])),
    straight: [x[count + 1], x[count + 2], x[count], y[count + 1], y[count + 2], y[count], 0, 0, 1],
  };
}

/** Where a spline takes a point; what the shader does, in float64. */
export function bendPoint({ count, points, bends, straight: m }: SplineNumbers, { x, y }: Point): Point {
  let [u, v] = [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]];
  for (let k = 0; k < 2 * count; k += 2) {
    const bend = plate((x - points[k]) ** 2 + (y - points[k + 1]) ** 2);
    u += bends[k] * bend;
    v += bends[k + 1] * bend;
  }
  return { x: u, y: v };
}
