import { applyPoint, type Matrix3 } from './matrix.ts';
import type { Point, Size } from './units.ts';

/** An upright rectangle in pixel points (corner frame): it covers xmin <= x <= xmax, ymin <= y <= ymax. */
export interface Box {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

/** Area of a box in square pixels; 0 for an empty or inverted box. */
export function boxArea(box: Box): number {
  return Math.max(0, box.xmax - box.xmin) * Math.max(0, box.ymax - box.ymin);
}

/** Intersection over union of two boxes, 0 to 1; 0 when either is empty. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.xmax, b.xmax) - Math.max(a.xmin, b.xmin);
  const height = Math.min(a.ymax, b.ymax) - Math.max(a.ymin, b.ymin);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (boxArea(a) + boxArea(b) - shared);
}

/**
 * The smallest upright box around some points.
 *
 * **Throws** a RangeError when there are no points.
 */
export function boxOfPoints(points: readonly Point[]): Box {
  if (points.length === 0) throw new RangeError('A box needs at least one point; none were given.');
  let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    xmin = Math.min(xmin, x);
    ymin = Math.min(ymin, y);
    xmax = Math.max(xmax, x);
    ymax = Math.max(ymax, y);
  }
  return { xmin, ymin, xmax, ymax };
}

/** The box of the given size around a centre. */
export function boxAround(center: Point, width: number, height: number): Box {
  return {
    xmin: center.x - width / 2,
    ymin: center.y - height / 2,
    xmax: center.x + width / 2,
    ymax: center.y + height / 2,
  };
}

/** The four corners of a box, clockwise on screen from the top left. */
function boxCorners(box: Box): readonly Point[] {
  return [
    { x: box.xmin, y: box.ymin },
    { x: box.xmax, y: box.ymin },
    { x: box.xmax, y: box.ymax },
    { x: box.xmin, y: box.ymax },
  ];
}

/** The smallest upright box around a box mapped by a matrix. */
export function mapBox(matrix: Matrix3, box: Box): Box {
  return boxOfPoints(boxCorners(box).map((corner) => applyPoint(matrix, corner.x, corner.y)));
}

/** The part of a box that lies inside an image; empty (zero area, on the nearest edge) when there is none. */
export function clipBox(box: Box, image: Size): Box {
  const clampX = (x: number): number => Math.min(image.width, Math.max(0, x));
  const clampY = (y: number): number => Math.min(image.height, Math.max(0, y));
  return { xmin: clampX(box.xmin), ymin: clampY(box.ymin), xmax: clampX(box.xmax), ymax: clampY(box.ymax) };
}

/** The smallest square around a box: canonical coordinates ([-1, 1]) to pixel points. */
export function squareAround({ xmin, ymin, xmax, ymax }: Box): Matrix3 {
  const half = Math.max(xmax - xmin, ymax - ymin) / 2;
  return [half, 0, (xmin + xmax) / 2, 0, half, (ymin + ymax) / 2, 0, 0, 1];
}
