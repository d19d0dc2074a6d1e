import { invert, type Matrix3 } from '../../../geometry/matrix.ts';
import type { Random } from '../../../geometry/random.ts';
import { solve } from '../../../geometry/solve.ts';
import type { Point } from '../../../geometry/units.ts';
import type { Sides } from './warp.ts';

/** The published deviation of 5 pixels is one of 28 x 28 pictures. */
const cornerShift = 5 / 28;

/**
 * A projective map: scaled by 0.75 to 1 about the centre, then every corner moved at random (normally, 5 pixels in a
 * picture of 28). Corners that no longer form a convex four-sided figure are drawn again: such a map would fold.
 *
 * **Source**: Jaderberg et al. 2015, section 4.1 (P).
 */
export function projectiveWarp({ width, height }: Sides, random: Random, strength: number): Matrix3 {
  const from = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
  const shift = strength * cornerShift;
  for (;;) {
    const size = 1 - strength + strength * random.uniform(0.75, 1);
    const to = from.map(({ x, y }) => ({
      x: width / 2 + size * (x - width / 2) + random.normal() * shift * width,
      y: height / 2 + size * (y - height / 2) + random.normal() * shift * height,
    }));
    if (isConvex(to)) return invert(homography(from, to));
  }
}

/** Whether all turns at the corners go the same way round (clockwise on the screen), none of them nearly straight. */
function isConvex(corners: readonly Point[]): boolean {
  return corners.every((corner, i) => {
    const next = corners[(i + 1) % corners.length];
    const after = corners[(i + 2) % corners.length];
    const [a, b] = [
      { x: next.x - corner.x, y: next.y - corner.y },
      { x: after.x - next.x, y: after.y - next.y },
    ];
    return a.x * b.y - a.y * b.x > 0.1 * Math.hypot(a.x, a.y) * Math.hypot(b.x, b.y);
  });
}

/** The projective map that takes four points to four points. */
function homography(from: readonly Point[], to: readonly Point[]): Matrix3 {
  const rows = from.flatMap(({ x, y }, i) => [
    [x, y, 1, 0, 0, 0, -x * to[i].x, -y * to[i].x],
    [0, 0, 0, x, y, 1, -x * to[i].y, -y * to[i].y],
  ]);
  const [a, b, c, d, e, f, g, h] = solve(
    rows,
    to.flatMap(({ x, y }) => [x, y]),
  );
  return [a, b, c, d, e, f, g, h, 1];
}
