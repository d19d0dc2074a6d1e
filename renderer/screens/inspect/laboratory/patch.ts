import { chain, jacobian, scale, singularValues, translate, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import type { Point } from '../../../../core/geometry/units.ts';

/** The part of a crop around a place of its canonical frame that shows about so many source pixels a side. */
export function patchMatrix(matrix: Matrix3, { x, y }: Point, pixels: number): Matrix3 {
  const [large, small] = singularValues(...jacobian(matrix, x, y));
  const half = pixels / 2 / Math.max(1e-9, Math.sqrt(large * small));
  return chain(matrix, translate(x, y), scale(half));
}
