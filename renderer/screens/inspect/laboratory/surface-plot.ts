import type { Point } from '../../../../core/geometry/units.ts';

/** How a surface is looked at, in radians: turned about the vertical, and from how high. */
export interface SurfaceLook {
  readonly turn: number;
  readonly tilt: number;
}

/** A cell of a surface on the plane of the picture, [-1, 1] across, y down; those further away come first. */
export interface SurfaceCell {
  readonly corners: readonly [Point, Point, Point, Point];
  /** 0..1: mean height, and how much light falls on it. */
  readonly height: number;
  readonly light: number;
}

/** How high the surface stands over its base, whose side is 2. */
const tallest = 1;

/**
 * The cells of a surface over a square lattice, as they are seen from afar.
 *
 * @param heights - `side * side` heights from 0 to 1, row by row
 */
export function surfaceCells(
  heights: ArrayLike<number>,
  side: number,
  { turn, tilt }: SurfaceLook,
): readonly SurfaceCell[] {
  const [ct, st, cp, sp] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  const seen = Array.from({ length: side * side }, (_, n) => {
    const [x, y] = [(2 * (n % side)) / (side - 1) - 1, (2 * Math.floor(n / side)) / (side - 1) - 1];
    const z = tallest * (heights[n] - 0.5);
    const [u, v] = [ct * x - st * y, st * x + ct * y];
    return { x: u / 1.5, y: (sp * v - cp * z) / 1.5, depth: cp * v + sp * z };
  });
  const cells: (SurfaceCell & { readonly depth: number })[] = [];
  for (let row = 0; row + 1 < side; row++)
    for (let column = 0; column + 1 < side; column++) {
      const n = row * side + column;
      const at = [n, n + 1, n + side + 1, n + side] as const;
      const [a, b, c, d] = [seen[at[0]], seen[at[1]], seen[at[2]], seen[at[3]]];
      const [slopeX, slopeY] = [heights[n + 1] - heights[n], heights[n + side] - heights[n]].map(
        (rise) => (rise * tallest * (side - 1)) / 2,
      );
      /* Light comes from the upper left. */
      const light = (1 + 0.5 * slopeX + 0.5 * slopeY) / Math.hypot(1, slopeX, slopeY) / 1.3;
      cells.push({
        corners: [a, b, c, d],
        height: at.reduce((sum, k) => sum + heights[k], 0) / 4,
        light: Math.min(1, Math.max(0.15, light)),
        depth: a.depth + b.depth + c.depth + d.depth,
      });
    }
  return cells.sort((a, b) => a.depth - b.depth);
}
