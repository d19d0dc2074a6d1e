import type { Point } from '../../../../core/geometry/units.ts';

/** Distance from a point to a closed outline; 0 inside. */
export function distanceToOutline(corners: readonly Point[], { x, y }: Point): number {
  let [isInside, nearest] = [false, Infinity];
  for (const [n, b] of corners.entries()) {
    const a = corners[(n + corners.length - 1) % corners.length];
    if (a.y > y !== b.y > y && x < ((a.x - b.x) * (y - b.y)) / (a.y - b.y) + b.x) isInside = !isInside;
    const [u, v] = [b.x - a.x, b.y - a.y];
    const t = Math.min(1, Math.max(0, ((x - a.x) * u + (y - a.y) * v) / Math.max(1e-12, u * u + v * v)));
    nearest = Math.min(nearest, Math.hypot(x - a.x - t * u, y - a.y - t * v));
  }
  return isInside ? 0 : nearest;
}
