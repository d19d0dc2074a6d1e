import { applyPoint, chain, invert, type Matrix3 } from './matrix.ts';
import { canonicalPoint, pixelPoint, unitPoint } from './units.ts';
import type { CanonicalPoint, PixelPoint, Size, UnitPoint } from './units.ts';

/** The eight ways in which EXIF says a stored image must be turned to stand upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/**
 * Maps unit coordinates to pixel points of an image.
 *
 * **Convention**: without `alignCorners` ±1 are the outer edges of the image; with it they are the centres of the
 * corner pixels. Pixel points live in the corner frame in both cases: the first pixel's centre is (0.5, 0.5).
 */
export function unitToPixel(width: number, height: number, alignCorners = false): Matrix3 {
  const x = alignCorners ? (width - 1) / 2 : width / 2;
  const y = alignCorners ? (height - 1) / 2 : height / 2;
  return [x, 0, width / 2, 0, y, height / 2, 0, 0, 1];
}

/**
 * Maps pixel points of an image to unit coordinates: the inverse of `unitToPixel`.
 *
 * **Convention**: with `alignCorners` an image one pixel wide has no unit extent; its pixel lies at 0.
 */
export function pixelToUnit(width: number, height: number, alignCorners = false): Matrix3 {
  const columns = alignCorners ? width - 1 : width;
  const rows = alignCorners ? height - 1 : height;
  const x = columns === 0 ? 0 : 2 / columns;
  const y = rows === 0 ? 0 : 2 / rows;
  return [x, 0, (-width / 2) * x, 0, y, (-height / 2) * y, 0, 0, 1];
}

/** Maps the aspect frame (unit coordinates with x scaled by width / height, so that angles are true) to unit. */
export function aspectToUnit(width: number, height: number): Matrix3 {
  return [height / width, 0, 0, 0, 1, 0, 0, 0, 1];
}

/** Maps unit coordinates to the aspect frame, in which rotations do not shear. */
export function unitToAspect(width: number, height: number): Matrix3 {
  return [width / height, 0, 0, 0, 1, 0, 0, 0, 1];
}

/**
 * Turns a transform in unit coordinates into one in pixels, ready for the sampler.
 *
 * **Convention**: theta maps target (canonical) to source (unit); the result maps pixel points of the target to pixel
 * points of the source. `alignCorners` holds for both sides at once, so the identity stays the identity.
 */
export function targetToSourcePixels(theta: Matrix3, source: Size, target: Size, alignCorners = false): Matrix3 {
  return chain(
    unitToPixel(source.width, source.height, alignCorners),
    theta,
    pixelToUnit(target.width, target.height, alignCorners),
  );
}

/** Width and height after the EXIF orientation has been applied to a stored image. */
export function orientedSize(orientation: Orientation, stored: Size): Size {
  return orientation >= 5 ? { width: stored.height, height: stored.width } : stored;
}

/**
 * Maps pixel points of the stored image to pixel points of the oriented one.
 *
 * **Convention**: corner frame on both sides; `width` and `height` are those of the stored image.
 * **Source**: Exif 2.32, tag 0x0112.
 */
export function storedToOriented(orientation: Orientation, width: number, height: number): Matrix3 {
  switch (orientation) {
    case 1:
      return [1, 0, 0, 0, 1, 0, 0, 0, 1];
    case 2:
      return [-1, 0, width, 0, 1, 0, 0, 0, 1];
    case 3:
      return [-1, 0, width, 0, -1, height, 0, 0, 1];
    case 4:
      return [1, 0, 0, 0, -1, height, 0, 0, 1];
    case 5:
      return [0, 1, 0, 1, 0, 0, 0, 0, 1];
    case 6:
      return [0, -1, height, 1, 0, 0, 0, 0, 1];
    case 7:
      return [0, -1, height, -1, 0, width, 0, 0, 1];
    case 8:
      return [0, 1, 0, -1, 0, width, 0, 0, 1];
  }
}

/** Maps pixel points of the oriented image to the stored one; `width` and `height` are those of the stored image. */
export function orientedToStored(orientation: Orientation, width: number, height: number): Matrix3 {
  return invert(storedToOriented(orientation, width, height));
}

/** Takes a point of the source image from unit coordinates to pixels. */
export function unitPointToPixel(point: UnitPoint, image: Size): PixelPoint {
  const p = applyPoint(unitToPixel(image.width, image.height), point.x, point.y);
  return pixelPoint(p.x, p.y);
}

/** Takes a point of the source image from pixels to unit coordinates. */
export function pixelPointToUnit(point: PixelPoint, image: Size): UnitPoint {
  const p = applyPoint(pixelToUnit(image.width, image.height), point.x, point.y);
  return unitPoint(p.x, p.y);
}

/** Takes a canonical point into an image through that image's theta. */
export function canonicalPointToUnit(point: CanonicalPoint, theta: Matrix3): UnitPoint {
  const p = applyPoint(theta, point.x, point.y);
  return unitPoint(p.x, p.y);
}

/** Takes a point of an image to the canonical frame through the inverse of that image's theta. */
export function unitPointToCanonical(point: UnitPoint, theta: Matrix3): CanonicalPoint {
  const p = applyPoint(invert(theta), point.x, point.y);
  return canonicalPoint(p.x, p.y);
}

/** How much wider and taller a frame gets by a margin on every side; `margin` as a share of the frame's own side. */
export function widenedBy(margin: number): number {
  return 1 + 2 * margin;
}
