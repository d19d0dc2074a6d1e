import type { Point, Size } from './units.ts';

/** Pixels as forward mapping reads and writes them: planar `[C, H, W]`, row by row. */
export interface PlanarImage<Data extends ArrayLike<number> = ArrayLike<number>> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Data;
}

/** Where a pixel point of the source (corner frame) falls in the target; undefined for nowhere. */
export type DropMap = (x: number, y: number) => Point | undefined;

/** How source pixels are dropped. */
export interface ForwardOptions {
  /** `nearest` (default): on the target pixel that holds the place. `bilinear`: spread over the four around it. */
  readonly splat?: 'nearest' | 'bilinear';
  /** Divides by how much fell on each pixel, so that overlaps do not grow brighter nor edges darker; default true. */
  readonly normalise?: boolean;
}

/** An image that was mapped forwards, and what that did to the target. */
export interface Forwarded extends PlanarImage<Float32Array> {
  /** How much fell on each target pixel, `[H, W]`: source pixels, or the sum of their weights. */
  readonly weight: Float32Array;
  /** Target pixels on which nothing fell. */
  readonly holes: number;
  /** Target pixels on which more than one source pixel fell, or more than the weight of one. */
  readonly overlaps: number;
}

/** Sums of weights this near to 0 or 1 are taken for it: they are sums of rounded numbers. */
const nearly = 1e-4;

/**
 * Maps an image forwards: every source pixel says where it goes. Unlike sampling, which asks every target pixel where it
 * comes from, this leaves holes where the map enlarges and overlaps where it reduces.
 *
 * **Convention**: places are pixel points, corner frame on both sides. Values keep their scale.
 */
export function mapForward(
  source: PlanarImage,
  map: DropMap,
  { width, height }: Size,
  { splat = 'nearest', normalise = true }: ForwardOptions = {},
): Forwarded {
  const { channels, data } = source;
  const [plane, sourcePlane] = [width * height, source.width * source.height];
  const sums = new Float64Array(channels * plane);
  const weights = new Float64Array(plane);
  const drop = (column: number, row: number, from: number, weight: number): void => {
    if (!(weight > 0 && column >= 0 && row >= 0 && column < width && row < height)) return;
    const at = row * width + column;
    weights[at] += weight;
    for (let c = 0; c < channels; c++) sums[c * plane + at] += weight * data[c * sourcePlane + from];
  };
  for (let y = 0, from = 0; y < source.height; y++)
    for (let x = 0; x < source.width; x++, from++) {
      const place = map(x + 0.5, y + 0.5);
      if (place === undefined) continue;
      if (splat === 'nearest') {
        drop(Math.floor(place.x), Math.floor(place.y), from, 1);
        continue;
      }
      const [left, top] = [Math.floor(place.x - 0.5), Math.floor(place.y - 0.5)];
      const [u, v] = [place.x - 0.5 - left, place.y - 0.5 - top];
      drop(left, top, from, (1 - u) * (1 - v));
      drop(left + 1, top, from, u * (1 - v));
      drop(left, top + 1, from, (1 - u) * v);
      drop(left + 1, top + 1, from, u * v);
    }
  let [holes, overlaps] = [0, 0];
  for (let at = 0; at < plane; at++) {
    const weight = weights[at];
    if (weight < nearly) holes++;
    else if (weight > 1 + nearly) overlaps++;
    if (normalise && weight > 0) for (let c = 0; c < channels; c++) sums[c * plane + at] /= weight;
  }
  return {
    ...{ width, height, channels, holes, overlaps },
    data: Float32Array.from(sums),
    weight: Float32Array.from(weights),
  };
}

/** A crop that is mapped forwards gets at most about so many source pixels for each of its own. */
const mostDropped = 16;

/**
 * From which halved copy of an original a crop is mapped forwards: level n is 1 / 2^n of its size, level 0 the original.
 *
 * @param resolution - source pixels per pixel of the crop, a length
 */
export function levelToDrop(resolution: number): number {
  return Math.max(0, Math.floor(Math.log2(resolution / Math.sqrt(mostDropped))));
}
