import { pixelToUnit } from '../geometry/frames.ts';
import { applyPoint, invert, multiply, type Matrix3 } from '../geometry/matrix.ts';
import { readTransform } from '../geometry/reading.ts';

/**
 * Where the canonical frame lies in one image.
 *
 * **Convention**: `canonicalToImage` takes `CanonicalPoint` ([-1, 1] across the crop, y down) to `PixelPoint` of the
 * oriented original; null where the image has no transform.
 */
export interface TransformRow {
  readonly file: string;
  /** Size of the oriented image in pixels; null where it could not be read. */
  readonly width: number | null;
  readonly height: number | null;
  readonly family: string;
  readonly mirrored: boolean;
  readonly canonicalToImage: Matrix3 | null;
  /** How well the image agrees with the others in its final pose. */
  readonly similarity: number | null;
  /** Share of the crop that lies outside the image, 0 to 1. */
  readonly outsideFraction: number | null;
  /** Pixels of the original per pixel of the crop. */
  readonly effectiveResolution: number | null;
  readonly status: string;
}

/** What follows from a transform, for people and for programs that go the other way. */
export interface DerivedTransform {
  readonly imageToCanonical: Matrix3;
  readonly angle: number;
  readonly scale: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/**
 * The inverse of a row's transform and its human reading for a square crop: degrees clockwise on screen, size of the
 * frame relative to the image's height, shift of its centre in pixels. Null where there is no transform.
 *
 * **Throws** a RangeError when the transform has no inverse.
 */
export function deriveTransform({ canonicalToImage, width, height }: TransformRow): DerivedTransform | null {
  if (canonicalToImage === null || width === null || height === null) return null;
  const unit = multiply(pixelToUnit(width, height), canonicalToImage);
  const { angle, scale } = readTransform(unit, { width, height, canonicalAspect: 1 });
  const centre = applyPoint(canonicalToImage, 0, 0);
  return {
    imageToCanonical: invert(canonicalToImage),
    angle,
    scale,
    shiftX: centre.x - width / 2,
    shiftY: centre.y - height / 2,
  };
}
