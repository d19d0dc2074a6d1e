import { pixelToUnit, targetToSourcePixels, unitToPixel } from './frames.ts';
import { chain, invert, translate, type Matrix3 } from './matrix.ts';
import { lastEntryOne } from './matrix-functions.ts';
import type { Size } from './units.ts';

/*
 * How other programs write down the same transform. The hub is the pixel matrix: pixel points of the crop to pixel points
 * of the source, both in the corner frame, in which the first pixel's centre is (0.5, 0.5).
 */

/** The image that is read and the crop that is made of it. */
export interface Sizes {
  readonly source: Size;
  readonly crop: Size;
}

const toIndex = translate(-0.5, -0.5);
const fromIndex = translate(0.5, 0.5);

/**
 * The pixel matrix of a theta in unit coordinates.
 *
 * **Convention**: our theta is that of PyTorch's `affine_grid` with the same `alignCorners`.
 */
export function pixelFromUnit(theta: Matrix3, { source, crop }: Sizes, alignCorners: boolean): Matrix3 {
  return targetToSourcePixels(theta, source, crop, alignCorners);
}

/** The theta in unit coordinates of a pixel matrix. **Throws** a RangeError for one pixel a side with `alignCorners`. */
export function unitFromPixel(matrix: Matrix3, { source, crop }: Sizes, alignCorners: boolean): Matrix3 {
  if (alignCorners && (source.width < 2 || source.height < 2)) {
    throw new RangeError(
      `With alignCorners a source of ${source.width} x ${source.height} pixels has no unit coordinates: it needs two pixels a side.`,
    );
  }
  return chain(
    pixelToUnit(source.width, source.height, alignCorners),
    matrix,
    unitToPixel(crop.width, crop.height, alignCorners),
  );
}

/** The same transform for the other flag: a theta made for `alignCorners = from` as one for `alignCorners = to`. */
export function changeFlag(theta: Matrix3, sizes: Sizes, from: boolean, to: boolean): Matrix3 {
  return unitFromPixel(pixelFromUnit(theta, sizes, from), sizes, to);
}

/** The pixel matrix of `canonicalToImage` (`c2i` in our files): canonical points to pixel points of the source. */
export function pixelFromCanonical(canonicalToImage: Matrix3, crop: Size): Matrix3 {
  return chain(canonicalToImage, pixelToUnit(crop.width, crop.height));
}

/** `canonicalToImage` of a pixel matrix. */
export function canonicalFromPixel(matrix: Matrix3, crop: Size): Matrix3 {
  return chain(matrix, unitToPixel(crop.width, crop.height));
}

/**
 * The matrix for OpenCV's `warpAffine` (its upper two rows) and `warpPerspective`, both with `WARP_INVERSE_MAP`; without
 * that flag OpenCV wants the inverse of it.
 *
 * **Convention**: OpenCV counts from the centre of the first pixel.
 */
export function openCvFromPixel(matrix: Matrix3): Matrix3 {
  return chain(toIndex, matrix, fromIndex);
}

/** The pixel matrix of a matrix for OpenCV with `WARP_INVERSE_MAP`. */
export function pixelFromOpenCv(matrix: Matrix3): Matrix3 {
  return chain(fromIndex, matrix, toIndex);
}

/** Where an ITK image lies in physical space; its axes are those of the pixels. */
export interface Placement {
  /** Physical place of the centre of the first pixel; default (0, 0). */
  readonly origin?: readonly [x: number, y: number];
  /** Distance of neighbouring pixels; default (1, 1). */
  readonly spacing?: readonly [x: number, y: number];
}

/** An ITK `AffineTransform` in two dimensions: p becomes matrix (p - centre) + centre + translation. */
export interface ItkAffine {
  readonly matrix: readonly [number, number, number, number];
  readonly translation: readonly [x: number, y: number];
  readonly centre: readonly [x: number, y: number];
}

/** Physical and index coordinates of an ITK image. */
function indexToPhysical({ origin = [0, 0], spacing = [1, 1] }: Placement): Matrix3 {
  return [spacing[0], 0, origin[0], 0, spacing[1], origin[1], 0, 0, 1];
}

/**
 * The transform that ITK's resampling takes: physical points of the crop (ITK's fixed image) to those of the source (its
 * moving image).
 *
 * **Throws** a RangeError for a projective matrix, which ITK's affine transform cannot hold, and for one whose last entry is 0.
 */
export function itkFromPixel(
  matrix: Matrix3,
  {
    crop = {},
    source = {},
    centre = [0, 0],
  }: { crop?: Placement; source?: Placement; centre?: readonly [number, number] } = {},
): ItkAffine {
  if (Math.abs(matrix[6]) > 0 || Math.abs(matrix[7]) > 0) {
    throw new RangeError(`ITK's affine transform cannot hold the projective matrix [${matrix.join(', ')}].`);
  }
  const m = chain(indexToPhysical(source), openCvFromPixel(lastEntryOne(matrix)), invert(indexToPhysical(crop)));
  const [x, y] = centre;
  return {
    matrix: [m[0], m[1], m[3], m[4]],
    translation: [m[0] * x + m[1] * y + m[2] - x, m[3] * x + m[4] * y + m[5] - y],
    centre: [x, y],
  };
}

/** The pixel matrix of an ITK affine transform. */
export function pixelFromItk(
  { matrix: [a, b, c, d], translation: [tx, ty], centre: [x, y] }: ItkAffine,
  { crop = {}, source = {} }: { crop?: Placement; source?: Placement } = {},
): Matrix3 {
  const physical: Matrix3 = [a, b, x + tx - a * x - b * y, c, d, y + ty - c * x - d * y, 0, 0, 1];
  return pixelFromOpenCv(chain(invert(indexToPhysical(source)), physical, indexToPhysical(crop)));
}
