import { chain, scale, translate } from './matrix.ts';
import type { Size } from './units.ts';
import { cropToSource, measureWarp, type CanonicalToPixel, type PointMap, type WarpMeasure } from './warp-measure.ts';

/** What is taken to lie beyond the edge of an original. */
export type Edge = 'zeros' | 'border' | 'reflection';

/** A rectangle of whole pixels. */
interface PixelRectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a crop is sampled from: a part of the original, reduced where the crop takes long steps. */
export interface CropSource {
  readonly measure: WarpMeasure;
  /** Size of the whole original once it is reduced. */
  readonly width: number;
  readonly height: number;
  /** The part of it that the crop looks at; never empty. */
  readonly area: PixelRectangle;
  /** Pixel points of the crop to pixel points of that part. */
  readonly map: CanonicalToPixel;
}

/** Steps this little above one source pixel are sampled as they are: resizing by a hair only blurs. */
const stepToLeave = 1.02;

/** Pixels that kernels look at beyond the outermost sample. */
const kernelReach = 3;

/**
 * Says what to sample so that nothing aliases: where the map takes steps of more than one source pixel, the original is
 * reduced, along x and y separately, until steps are one pixel.
 *
 * **Convention**: `transform` maps canonical points ([-1, 1] across the crop) to pixel points of the original.
 */
export function sourceOfCrop(transform: CanonicalToPixel, source: Size, crop: Size, edge: Edge): CropSource {
  const measure = measureWarp(transform, source, crop);
  const width = reducedLength(source.width, measure.stepX);
  const height = reducedLength(source.height, measure.stepY);
  const area = neededArea(measure, source, { width, height }, edge);
  const map = toPart(cropToSource(transform, crop), width / source.width, height / source.height, area);
  return { measure, width, height, area, map };
}

function reducedLength(length: number, step: number): number {
  return step <= stepToLeave ? length : Math.max(1, Math.round(length / step));
}

function neededArea({ bounds }: WarpMeasure, source: Size, { width, height }: Size, edge: Edge): PixelRectangle {
  const { xmin, ymin, xmax, ymax } = bounds;
  const reaches = xmin < 0 || ymin < 0 || xmax > source.width || ymax > source.height;
  if (!(xmin <= xmax) || (edge === 'reflection' && reaches)) return { left: 0, top: 0, width, height };
  const [left, right] = clampedRange(xmin, xmax, width / source.width, width);
  const [top, bottom] = clampedRange(ymin, ymax, height / source.height, height);
  return { left, top, width: right - left, height: bottom - top };
}

function clampedRange(low: number, high: number, factor: number, length: number): readonly [number, number] {
  const from = Math.min(length - 1, Math.max(0, Math.floor(low * factor) - kernelReach));
  const to = Math.max(from + 1, Math.min(length, Math.ceil(high * factor) + kernelReach));
  return [from, to];
}

function toPart(
  map: CanonicalToPixel,
  factorX: number,
  factorY: number,
  { left, top }: PixelRectangle,
): CanonicalToPixel {
  if (typeof map !== 'function') return chain(translate(-left, -top), scale(factorX, factorY), map);
  const moved: PointMap = (x, y) => {
    const p = map(x, y);
    return { x: p.x * factorX - left, y: p.y * factorY - top };
  };
  return moved;
}
