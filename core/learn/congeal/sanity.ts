import { singularValues, type Matrix3 } from '../../geometry/matrix.ts';

const smallest = 0.2;
const largest = 5;
const mostAnisotropy = 3;
const farthest = 2.5;

/** True while a warp stays finite, of sensible size and shape, and near its image. */
export function isSane(warp: Matrix3): boolean {
  if (!warp.every(Number.isFinite) || Math.abs(warp[8]) < 1e-6) return false;
  const w = warp[8];
  const [long, short] = singularValues(warp[0] / w, warp[1] / w, warp[3] / w, warp[4] / w);
  if (short < smallest || long > largest || long > mostAnisotropy * short) return false;
  return Math.hypot(warp[2] / w, warp[5] / w) < farthest && Math.hypot(warp[6] / w, warp[7] / w) < 0.5;
}
