import type { Matrix3 } from '../geometry/matrix.ts';
import type { Size } from '../geometry/units.ts';

/** The canonical frame before anything is known: the largest centred square, to pixels of the oriented original. */
export function centreSquare({ width, height }: Size): Matrix3 {
  const half = Math.min(width, height) / 2;
  return [half, 0, width / 2, 0, half, height / 2, 0, 0, 1];
}
