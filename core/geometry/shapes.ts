import { boxOfPoints, type Box } from './boxes.ts';
import { applyPoint, chain, rotate, translate, type Matrix3 } from './matrix.ts';
import { degrees, toRadians, type Point, type Size } from './units.ts';

/** A rectangle turned about its centre by `angle` degrees, clockwise on screen. */
export interface BoxShape {
  readonly kind: 'box';
  readonly box: Box;
  readonly angle: number;
}

/** One point. */
export interface PointShape {
  readonly kind: 'point';
  readonly at: Point;
}

/** A closed line of straight pieces. */
export interface PolygonShape {
  readonly kind: 'polygon';
  readonly points: readonly Point[];
}

/** What can be drawn on an image, in its pixels, or on a canonical frame, in [-1, 1]. */
export type Shape = BoxShape | PointShape | PolygonShape;

/**
 * What a box becomes under a transform that does not leave it one: the polygon of its corners, which is exact, or the
 * upright box around them, which is larger.
 */
export type BoxesAs = 'polygon' | 'enclosing-box';

/** The four corners of a turned box, clockwise on screen from what was its top left. */
export function cornersOf({ box, angle }: Pick<BoxShape, 'box' | 'angle'>): readonly Point[] {
  const { xmin, ymin, xmax, ymax } = box;
  const [x, y] = [(xmin + xmax) / 2, (ymin + ymax) / 2];
  const corners = [xmin, ymin, xmax, ymin, xmax, ymax, xmin, ymax];
  const turn = chain(translate(x, y), rotate(toRadians(degrees(angle))), translate(-x, -y));
  return [0, 2, 4, 6].map((i) =>
    angle === 0 ? { x: corners[i], y: corners[i + 1] } : applyPoint(turn, corners[i], corners[i + 1]),
  );
}

/** A shape seen through a transform. Exact for points and polygons, whose sides stay straight; boxes as said. */
export function mapShape(matrix: Matrix3, shape: Shape, boxesAs: BoxesAs): Shape {
  const map = ({ x, y }: Point): Point => applyPoint(matrix, x, y);
  switch (shape.kind) {
    case 'point':
      return { kind: 'point', at: map(shape.at) };
    case 'polygon':
      return { kind: 'polygon', points: shape.points.map(map) };
    case 'box': {
      const points = cornersOf(shape).map(map);
      return boxesAs === 'polygon' ? { kind: 'polygon', points } : { kind: 'box', box: boxOfPoints(points), angle: 0 };
    }
  }
}

/** The points that make up a shape. */
export function pointsOf(shape: Shape): readonly Point[] {
  if (shape.kind === 'point') return [shape.at];
  return shape.kind === 'polygon' ? shape.points : cornersOf(shape);
}

/** Whether any point of a shape lies outside an image; a point on its edge does not. */
export function reachesOutside(shape: Shape, { width, height }: Size): boolean {
  return pointsOf(shape).some(({ x, y }) => !(x >= 0 && y >= 0 && x <= width && y <= height));
}
