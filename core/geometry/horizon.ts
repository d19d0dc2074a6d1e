/** |w| below this is taken for this, with its sign, so that points near the horizon stay finite. */
export const smallestW = 1e-6;

/** Moves a divisor out of (-1e-6, 1e-6), keeping its sign; 0 counts as positive. */
export function keepFromZero(w: number): number {
  if (Math.abs(w) >= smallestW) return w;
  return w < 0 ? -smallestW : smallestW;
}
