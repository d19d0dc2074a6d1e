/** |w| below this is taken for this, with its sign, so that points near the horizon stay finite. */
export const smallestW = 1e-6;

/** Moves a divisor out of (-least, least), keeping its sign; 0 counts as positive. */
export function keepFromZero(w: number, least = smallestW): number {
  if (Math.abs(w) >= least) return w;
  return w < 0 ? -least : least;
}

/**
 * The least |w| that a matrix may have, entries row by row: 1e-6 of the largest entry of its last row, because all
 * multiples of a matrix are the same map.
 */
export function leastW(m: readonly number[]): number {
  return smallestW * (Math.max(Math.abs(m[6]), Math.abs(m[7]), Math.abs(m[8])) || 1);
}
