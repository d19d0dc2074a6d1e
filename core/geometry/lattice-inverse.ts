import { unitCentres } from './grid.ts';
import { latticeWarp, type LatticeFamily, type LatticeWarp } from './lattice-family.ts';
import type { Point } from './units.ts';

/** A point found by iteration, and how far from its aim the warp takes it, in half images. */
export interface FoundPoint extends Point {
  readonly error: number;
}

/** As many Newton steps as a warp that does not fold ever needs from a near start. */
const steps = 40;
/** Below this a point is found. */
const found = 1e-12;
/** From so many of the nearest starts the search is tried before it gives up: kinks of piecewise maps stop some. */
const tries = 12;

const lattice = unitCentres(17, true);
const starts: readonly Point[] = [...lattice].flatMap((y) => [...lattice].map((x) => ({ x, y })));

/**
 * Makes the inverse of a warp: from the point found last, or else from the nearest points of a lattice, by Newton steps
 * that are shortened until they come closer. Where the warp folds, or nothing of it reaches the place, `error` says how
 * close it came.
 */
export function invertLattice(
  family: LatticeFamily,
  parameters: readonly number[],
): (x: number, y: number) => FoundPoint {
  const warp = latticeWarp(family, parameters);
  const images = starts.map(({ x, y }) => warp.point(x, y));
  let last: Point | undefined;
  return (x, y) => {
    if (last) {
      const next = descend(warp, last, x, y);
      if (next.error <= found) return (last = next);
    }
    const distances = images.map((image) => Math.hypot(image.x - x, image.y - y));
    const nearest = starts.map((_, i) => i).sort((a, b) => distances[a] - distances[b]);
    let best: FoundPoint | undefined;
    for (const start of nearest.slice(0, tries)) {
      const next = descend(warp, starts[start], x, y);
      if (!best || next.error < best.error) best = next;
      if (best.error <= found) break;
    }
    const result = best ?? { x, y, error: Infinity };
    last = result;
    return result;
  };
}

function descend(warp: LatticeWarp, start: Point, x: number, y: number): FoundPoint {
  let at = start;
  let image = warp.point(at.x, at.y);
  let error = Math.hypot(image.x - x, image.y - y);
  for (let step = 0; step < steps && error > found / 10; step++) {
    const [a, b, c, d] = warp.jacobian(at.x, at.y);
    const determinant = a * d - b * c;
    if (determinant === 0) break;
    const [dx, dy] = [image.x - x, image.y - y];
    const move = { x: (d * dx - b * dy) / determinant, y: (a * dy - c * dx) / determinant };
    let closer = false;
    for (let part = 1; part > 1e-5 && !closer; part /= 2) {
      const next = { x: at.x - part * move.x, y: at.y - part * move.y };
      const there = warp.point(next.x, next.y);
      const distance = Math.hypot(there.x - x, there.y - y);
      closer = distance < error;
      if (closer) [at, image, error] = [next, there, distance];
    }
    if (!closer) break;
  }
  return { ...at, error };
}
