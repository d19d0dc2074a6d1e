import { applyPoint, type Matrix3 } from '../../../core/geometry/matrix.ts';
import type { Point } from '../../../core/geometry/units.ts';
import type { SplineNumbers } from '../crop/spline.ts';
import { bendPoint } from '../crop/spline.ts';

/** Pieces that a bent line is drawn in. */
const pieces = 24;

/** Where the canonical frame lies in an original: a matrix, with a bend before it where there is one. */
export function placeInOriginal(matrix: Matrix3, spline: SplineNumbers | undefined, { x, y }: Point): Point {
  const p = spline === undefined ? { x, y } : bendPoint(spline, { x, y });
  return applyPoint(matrix, p.x, p.y);
}

/** The corners of the canonical frame in an original, clockwise from the top left. */
export function frameCorners(matrix: Matrix3): readonly Point[] {
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x, y]) => applyPoint(matrix, x, y));
}

/** The lines of a canonical lattice of so many cells a side, as polylines in canonical coordinates, border included. */
export function latticeLines(cells: number, isBent: boolean): readonly (readonly Point[])[] {
  const steps = isBent ? pieces : 1;
  const along = Array.from({ length: steps + 1 }, (_, n) => -1 + (2 * n) / steps);
  const across = Array.from({ length: cells + 1 }, (_, n) => -1 + (2 * n) / cells);
  return across.flatMap((at) => [along.map((x) => ({ x, y: at })), along.map((y) => ({ x: at, y }))]);
}

/** Control points of a lattice, row by row, in canonical coordinates. */
export function latticePoints(count: number): readonly Point[] {
  const at = (n: number) => -1 + (2 * n) / (count - 1);
  return Array.from({ length: count * count }, (_, n) => ({ x: at(n % count), y: at(Math.floor(n / count)) }));
}

/** The centres of the pixels of a crop, in canonical coordinates. */
export function samplePlaces(side: number): readonly Point[] {
  const at = (n: number) => (2 * n + 1) / side - 1;
  return Array.from({ length: side * side }, (_, n) => ({ x: at(n % side), y: at(Math.floor(n / side)) }));
}
