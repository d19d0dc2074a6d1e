import type { Random } from '../../../geometry/random.ts';
import { solve } from '../../../geometry/solve.ts';
import type { Point } from '../../../geometry/units.ts';
import type { PointMap } from '../../../geometry/warp-measure.ts';
import type { Sides } from './warp.ts';

const perSide = 4;
/** The published deviation of 1.5 pixels is one of 28 x 28 pictures. */
const controlShift = 1.5 / 28;

/**
 * An elastic warp: a thin plate spline whose 4 x 4 control points, evenly over the picture, are moved at random (normally,
 * 1.5 pixels in a picture of 28). **Source**: Jaderberg et al. 2015, section 4.1 (E).
 */
export function elasticWarp(sides: Sides, random: Random, strength: number): PointMap {
  const { controls, weights } = splineOver(sides);
  const shift = strength * controlShift;
  const moved = controls.map(() => ({
    x: random.normal() * shift * sides.width,
    y: random.normal() * shift * sides.height,
  }));
  const { width } = sides;
  return (x, y) => {
    const at = (Math.floor(y) * width + Math.floor(x)) * controls.length;
    let [dx, dy] = [0, 0];
    for (const [k, shift] of moved.entries()) {
      dx += weights[at + k] * shift.x;
      dy += weights[at + k] * shift.y;
    }
    return { x: x + dx, y: y + dy };
  };
}

/** How much each pixel centre of a picture moves with each control point, `[height * width, controls]`. */
interface Spline {
  readonly controls: readonly Point[];
  readonly weights: Float64Array;
}

const splines = new Map<string, Spline>();

/** The spline is linear in the shifts of its control points, so it is solved once for each size of pictures. */
function splineOver({ width, height }: Sides): Spline {
  const key = `${width} ${height}`;
  const known = splines.get(key);
  if (known !== undefined) return known;
  const places = Array.from({ length: perSide }, (_, i) => i / (perSide - 1));
  const controls = places.flatMap((v) => places.map((u) => ({ x: u * width, y: v * height })));
  const rows = [
    ...controls.map((point) => [...basisAt(point, controls)]),
    ...[0, 1, 2].map((n) => [...controls.map(({ x, y }) => [1, x, y][n]), 0, 0, 0]),
  ];
  const unit = controls.map((_, k) =>
    solve(
      rows,
      rows.map((_row, i) => (i === k ? 1 : 0)),
    ),
  );
  const weights = new Float64Array(width * height * controls.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const centre = { x: (pixel % width) + 0.5, y: Math.floor(pixel / width) + 0.5 };
    const basis = basisAt(centre, controls);
    for (const [k, column] of unit.entries())
      weights[pixel * controls.length + k] = basis.reduce((sum, value, i) => sum + value * column[i], 0);
  }
  const made = { controls, weights };
  splines.set(key, made);
  return made;
}

/** r^2 log r of the distances to the control points, then 1, x, y. */
function basisAt({ x, y }: Point, controls: readonly Point[]): readonly number[] {
  const radial = controls.map((control) => {
    const squared = (x - control.x) ** 2 + (y - control.y) ** 2;
    return squared === 0 ? 0 : (squared * Math.log(squared)) / 2;
  });
  return [...radial, 1, x, y];
}
