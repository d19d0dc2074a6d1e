import { unitToPixel } from '../geometry/frames.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import { multiply } from '../geometry/matrix.ts';
import type { Size } from '../geometry/units.ts';
import { measureWarp } from '../geometry/warp-measure.ts';

const measuredCrop = { width: 128, height: 128 };

/** What every crop can be measured by: the share outside the original, and original pixels per pixel at 128 a side. */
export function measuresOf(canonicalToImage: Matrix3, image: Size): Readonly<Record<string, number>> {
  const { outsideFraction, effectiveResolution } = measureWarp(canonicalToImage, image, measuredCrop);
  return { outside_fraction: outsideFraction, effective_resolution: effectiveResolution };
}

/** A 2 x 3 matrix from canonical to unit coordinates, row by row, as one to pixels of the oriented original. */
export function thetaToPixels([a, b, x, c, d, y]: readonly number[], { width, height }: Size): Matrix3 {
  return multiply(unitToPixel(width, height), [a, b, x, c, d, y, 0, 0, 1]);
}
