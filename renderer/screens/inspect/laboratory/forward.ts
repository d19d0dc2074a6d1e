import { levelToDrop, mapForward } from '../../../../core/geometry/forward.ts';
import { pixelToUnit } from '../../../../core/geometry/frames.ts';
import {
  applyPoint,
  chain,
  invert,
  multiply,
  scale,
  translate,
  type Matrix3,
} from '../../../../core/geometry/matrix.ts';
import type { Size } from '../../../../core/geometry/units.ts';
import { measureWarp } from '../../../../core/geometry/warp-measure.ts';

/** What following a crop's map forwards does, as the engine does it. */
export interface Forward {
  /** How many pixels fall on each pixel of the crop, row by row. */
  readonly counts: Float32Array;
  /** Pixels of the crop on which nothing falls, and on which more than one does. */
  readonly holes: number;
  readonly overlaps: number;
  /** Of 1 / 2^level of the original's size are the pixels that are dropped. */
  readonly level: number;
}

/** Drops the pixels of an original on a crop of so many pixels a side. **Throws** a RangeError for a collapsed transform. */
export function dropOnCrop(matrix: Matrix3, original: Size, side: number): Forward {
  const crop = { width: side, height: side };
  const { effectiveResolution, bounds } = measureWarp(matrix, original, crop);
  const level = levelToDrop(effectiveResolution);
  const size = { width: Math.ceil(original.width / 2 ** level), height: Math.ceil(original.height / 2 ** level) };
  const [x, y] = [size.width / original.width, size.height / original.height];
  /* Pixels beyond what the crop looks at fall beside it; a margin of one keeps those that only touch it. */
  const left = Math.max(0, Math.floor(bounds.xmin * x) - 1);
  const top = Math.max(0, Math.floor(bounds.ymin * y) - 1);
  const part = {
    width: Math.max(0, Math.min(size.width, Math.ceil(bounds.xmax * x) + 1) - left),
    height: Math.max(0, Math.min(size.height, Math.ceil(bounds.ymax * y) + 1) - top),
  };
  const toCrop = chain(invert(multiply(matrix, pixelToUnit(side, side))), scale(1 / x, 1 / y), translate(left, top));
  const places = (u: number, v: number) => applyPoint(toCrop, u, v);
  const { weight, holes, overlaps } = mapForward({ ...part, channels: 0, data: [] }, places, crop);
  return { counts: weight, holes, overlaps, level };
}

/** Paints holes red and overlaps blue, the more on one pixel the stronger; what one pixel fell on stays clear. */
export function paintLandings({ counts }: Forward, side: number): ImageData {
  const pixels = new ImageData(side, side);
  for (const [n, count] of counts.entries()) {
    if (count === 1) continue;
    const colour = count === 0 ? [255, 40, 60, 255] : [40, 130, 255, Math.min(200, 70 + 30 * count)];
    pixels.data.set(colour, 4 * n);
  }
  return pixels;
}
