import type { Matrix3 } from '../../core/geometry/matrix.ts';
import { determinant, invert, isAffine, multiply, scale } from '../../core/geometry/matrix.ts';

/** Width and height in pixels. */
interface Extent {
  readonly width: number;
  readonly height: number;
}

/** The square in the middle of an image that touches its shorter sides, as canonical frame to image pixels. */
export function middleSquare({ width, height }: Extent): Matrix3 {
  const half = Math.min(width, height) / 2;
  return [half, 0, width / 2, 0, half, height / 2, 0, 0, 1];
}

/** The size in which a picture is laid out before its transform: its longer side in CSS pixels. */
const laidOut = 256;

/** The size of an image as it is laid out, 256 CSS pixels at the longer side. */
export function laidOutSize({ width, height }: Extent): Extent {
  const k = laidOut / Math.max(width, height, 1);
  return { width: width * k, height: height * k };
}

/**
 * The CSS transform (origin at the top left) that shows what a canonical frame shows of an image in a square of `side`
 * CSS pixels, for a picture of the whole image at its laid-out size.
 */
export function posedTransform(canonicalToImage: readonly number[], image: Extent, side: number): string {
  const matrix = toMatrix(canonicalToImage);
  if (Math.abs(determinant(matrix)) < 1e-12) return 'none';
  const toTile: Matrix3 = [side / 2, 0, side / 2, 0, side / 2, side / 2, 0, 0, 1];
  const k = laidOut / Math.max(image.width, image.height, 1);
  const m = multiply(toTile, multiply(invert(matrix), scale(1 / k)));
  const [a, b, c, d, e, f, g, h, i] = m.map((value) => value / m[8]);
  if (isAffine(m)) return `matrix(${[a, d, b, e, c, f].map(plain).join(', ')})`;
  const cells = [a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i];
  return `matrix3d(${cells.map(plain).join(', ')})`;
}

/** Nine numbers, row by row, as a matrix. */
export function toMatrix(values: readonly number[]): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = values;
  return [a, b, c, d, e, f, g, h, i];
}

function plain(value: number): string {
  return String(Number(value.toFixed(8)));
}
