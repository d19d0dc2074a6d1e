import { unitCentres } from './grid.ts';
import type { Point } from './units.ts';

/** A smooth map of the plane that can be asked at many places. */
export interface PlaneMap {
  /** Where it takes a point of the crop, in unit coordinates of the source. */
  point(x: number, y: number): Point;
  /** Its partial derivatives there: [dX/dx, dX/dy, dY/dx, dY/dy]. */
  jacobian(x: number, y: number): readonly [number, number, number, number];
  /** Writes both, one after the other, without making anything: [X, Y, dX/dx, dX/dy, dY/dx, dY/dy]. */
  read(x: number, y: number, into: Float64Array): void;
}

/** A map of the plane that `read` says all of. */
export function planeMapOf(read: PlaneMap['read']): PlaneMap {
  const found = new Float64Array(6);
  return {
    read,
    point: (x, y) => {
      read(x, y, found);
      return { x: found[0], y: found[1] };
    },
    jacobian: (x, y) => {
      read(x, y, found);
      return [found[2], found[3], found[4], found[5]];
    },
  };
}

/** A point found by iteration, and how far from its aim the map takes it, in half images. */
export interface FoundPoint extends Point {
  readonly error: number;
}

/** As many Newton steps as a map that does not fold ever needs from a near start. */
const steps = 40;
/** Below this a point is found. */
const near = 1e-11;
/** From so many of the nearest starts the search is tried before it gives up: kinks of piecewise maps stop some. */
const tries = 12;

const lattice = unitCentres(17, true);
const starts: readonly Point[] = [...lattice].flatMap((y) => [...lattice].map((x) => ({ x, y })));

/**
 * Makes the inverse of a map: from the point found last, or else from the nearest points of a lattice, by Newton steps
 * that are shortened until they come closer. Where the map folds, or nothing of it reaches the place, `error` says how
 * close it came.
 */
export function invertMap(map: PlaneMap): (x: number, y: number) => FoundPoint {
  const images = starts.map(({ x, y }) => map.point(x, y));
  let last: Point | undefined;
  return (x, y) => {
    if (last) {
      const next = descend(map, last, x, y);
      if (next.error <= near) return (last = next);
    }
    const distances = images.map((image) => Math.hypot(image.x - x, image.y - y));
    const nearest = starts.map((_, i) => i).sort((a, b) => distances[a] - distances[b]);
    let best: FoundPoint = { x, y, error: Infinity };
    for (const start of nearest.slice(0, tries)) {
      const next = descend(map, starts[start], x, y);
      if (next.error < best.error) best = next;
      if (best.error <= near) break;
    }
    return (last = best);
  };
}

function descend(map: PlaneMap, start: Point, x: number, y: number): FoundPoint {
  let [here, next] = [new Float64Array(6), new Float64Array(6)];
  let [atX, atY] = [start.x, start.y];
  map.read(atX, atY, here);
  let error = Math.hypot(here[0] - x, here[1] - y);
  for (let step = 0; step < steps && error > near / 10; step++) {
    const [dx, dy] = [here[0] - x, here[1] - y];
    const determinant = here[2] * here[5] - here[3] * here[4];
    if (determinant === 0) break;
    const moveX = (here[5] * dx - here[3] * dy) / determinant;
    const moveY = (here[2] * dy - here[4] * dx) / determinant;
    let closer = false;
    for (let part = 1; part > 1e-5 && !closer; part /= 2) {
      const [toX, toY] = [atX - part * moveX, atY - part * moveY];
      map.read(toX, toY, next);
      const distance = Math.hypot(next[0] - x, next[1] - y);
      closer = distance < error;
      if (!closer) continue;
      [atX, atY, error] = [toX, toY, distance];
      [here, next] = [next, here];
    }
    if (!closer) break;
  }
  return { x: atX, y: atY, error };
}
