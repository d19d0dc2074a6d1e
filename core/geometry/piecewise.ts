import { latticePoints, type Cardinals } from './thin-plate.ts';

/** What a piecewise map does beyond its outer control points: goes on straight, or shifts as they do. */
export type Beyond = 'straight' | 'level';

interface Hat {
  readonly first: number;
  readonly second: number;
  /** Weight of the second point, and how fast it changes. */
  readonly share: number;
  readonly slope: number;
}

/** The two neighbours of a place on one axis. A single point counts everywhere. */
function hat(places: ArrayLike<number>, at: number, beyond: Beyond): Hat {
  const last = places.length - 1;
  if (last === 0) return { first: 0, second: 0, share: 0, slope: 0 };
  let first = 0;
  while (first < last - 1 && at >= places[first + 1]) first++;
  const width = places[first + 1] - places[first];
  const share = (at - places[first]) / width;
  if (beyond === 'level' && (share < 0 || share > 1)) {
    return { first, second: first + 1, share: share < 0 ? 0 : 1, slope: 0 };
  }
  return { first, second: first + 1, share, slope: 1 / width };
}

/**
 * The piecewise map over a lattice of control points: bilinear within each cell, so that straight lines between
 * neighbouring points stay straight.
 */
export function piecewise(columns: ArrayLike<number>, rows: ArrayLike<number>, beyond: Beyond): Cardinals {
  const points = latticePoints(columns, rows);
  const width = columns.length;
  return {
    points,
    weights: (x, y) => {
      const weights = new Float64Array(points.length);
      const [across, down] = [hat(columns, x, beyond), hat(rows, y, beyond)];
      weights[down.first * width + across.first] += (1 - down.share) * (1 - across.share);
      weights[down.first * width + across.second] += (1 - down.share) * across.share;
      weights[down.second * width + across.first] += down.share * (1 - across.share);
      weights[down.second * width + across.second] += down.share * across.share;
      return weights;
    },
    field: (shifts) => ({
      read: (x, y, into) => {
        const [across, down] = [hat(columns, x, beyond), hat(rows, y, beyond)];
        const { share: u, slope: byX } = across;
        const { share: v, slope: byY } = down;
        for (const axis of [0, 1] as const) {
          const nw = shifts[2 * (down.first * width + across.first) + axis];
          const ne = shifts[2 * (down.first * width + across.second) + axis];
          const sw = shifts[2 * (down.second * width + across.first) + axis];
          const se = shifts[2 * (down.second * width + across.second) + axis];
          into[axis] = (1 - v) * ((1 - u) * nw + u * ne) + v * ((1 - u) * sw + u * se);
          into[2 + 2 * axis] = byX * ((1 - v) * (ne - nw) + v * (se - sw));
          into[3 + 2 * axis] = byY * ((1 - u) * (sw - nw) + u * (se - ne));
        }
      },
    }),
  };
}
