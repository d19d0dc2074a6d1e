import type { FamilyName } from './family.ts';
import { applyPoint, chain, multiply, rotate, scale, translate, type Matrix3 } from './matrix.ts';
import { leastSquares } from './solve.ts';
import type { Point } from './units.ts';

/** A point of the canonical frame ([-1, 1]) and where it is in the image, in pixels of the oriented original. */
export interface PinnedPoint {
  readonly canonical: Point;
  readonly image: Point;
}

/** From stiff to free: how many points each kind of motion needs. */
const needed = {
  translation: 1,
  attention: 2,
  rotation: 2,
  similarity: 2,
  affine: 3,
  projective: 4,
  'affine-lie': 3,
  'projective-lie': 4,
} as const satisfies Record<FamilyName, number>;

/**
 * Moves a transform so that canonical points come to lie where they are in the image, as well as the family allows.
 *
 * **Convention**: `base` and the result take the canonical frame to pixels of the oriented original; the motion acts in
 * pixels, after `base`. Where there are fewer points than the family needs, a stiffer one is taken: one point shifts, two
 * turn and scale as well, three shear. What the points leave open stays as it is in `base`.
 *
 * **Throws** a RangeError when there are no points, or when they lie so that they determine nothing (all in one place).
 */
export function fitPins(base: Matrix3, pins: readonly PinnedPoint[], family: FamilyName): Matrix3 {
  if (pins.length === 0) throw new RangeError('A transform cannot be fitted to no points.');
  const from = pins.map(({ canonical }) => applyPoint(base, canonical.x, canonical.y));
  const to = pins.map(({ image }) => image);
  const [a, b] = [centre(from), centre(to)];
  const size = spread(from, a);
  if (pins.length > 1 && !(size > 0)) throw new RangeError('The points lie in one place; they must differ.');
  const toUnit = (c: Point): Matrix3 => multiply(scale(1 / (size || 1)), translate(-c.x, -c.y));
  const back = multiply(translate(b.x, b.y), scale(size || 1));
  const motion = motionBetween(moved(toUnit(a), from), moved(toUnit(b), to), stiffEnough(family, pins.length));
  return chain(back, motion, toUnit(a), base);
}

function stiffEnough(family: FamilyName, points: number): FamilyName {
  if (points >= needed[family]) return family;
  return points >= 3 ? 'affine' : points === 2 ? 'similarity' : 'translation';
}

/** The motion of a family that takes centred points to centred points with least squares. */
function motionBetween(from: readonly Point[], to: readonly Point[], family: FamilyName): Matrix3 {
  switch (family) {
    case 'translation':
      return scale(1);
    case 'attention':
      return scale(sum(from, to, (p, q) => p.x * q.x + p.y * q.y) / sum(from, to, (p) => p.x * p.x + p.y * p.y));
    case 'rotation':
    case 'similarity': {
      const along = sum(from, to, (p, q) => p.x * q.x + p.y * q.y);
      const across = sum(from, to, (p, q) => p.x * q.y - p.y * q.x);
      const turn = rotate(Math.atan2(across, along));
      if (family === 'rotation') return turn;
      return multiply(turn, scale(Math.hypot(along, across) / sum(from, to, (p) => p.x * p.x + p.y * p.y)));
    }
    case 'affine':
    case 'affine-lie': {
      const rows = from.map(({ x, y }) => [x, y, 1]);
      const [p, q, r] = leastSquares(
        rows,
        to.map(({ x }) => x),
      );
      const [s, t, u] = leastSquares(
        rows,
        to.map(({ y }) => y),
      );
      return [p, q, r, s, t, u, 0, 0, 1];
    }
    case 'projective':
    case 'projective-lie': {
      const rows = from.flatMap(({ x, y }, n) => [
        [x, y, 1, 0, 0, 0, -x * to[n].x, -y * to[n].x],
        [0, 0, 0, x, y, 1, -x * to[n].y, -y * to[n].y],
      ]);
      const m = leastSquares(
        rows,
        to.flatMap(({ x, y }) => [x, y]),
      );
      return [m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], 1];
    }
  }
}

function sum(from: readonly Point[], to: readonly Point[], of: (p: Point, q: Point) => number): number {
  return from.reduce((total, p, n) => total + of(p, to[n]), 0);
}

function centre(points: readonly Point[]): Point {
  const mean = (of: (point: Point) => number): number => points.reduce((all, p) => all + of(p), 0) / points.length;
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
}

function spread(points: readonly Point[], { x, y }: Point): number {
  return Math.sqrt(points.reduce((all, p) => all + (p.x - x) ** 2 + (p.y - y) ** 2, 0) / points.length);
}

function moved(matrix: Matrix3, points: readonly Point[]): readonly Point[] {
  return points.map(({ x, y }) => applyPoint(matrix, x, y));
}
