import { mapForward, type DropMap, type ForwardOptions } from '../geometry/forward.ts';
import { keepFromZero } from '../geometry/horizon.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { Raster } from './raster.ts';

/** An image that was mapped forwards, and what that did to the target. */
export interface Dropped {
  /** `[C + 1, H, W]`, 0..1: what fell on each pixel; the last channel is 1 where something did, else 0. */
  readonly raster: Raster<Float32Array>;
  /** Pixels of the target on which nothing fell, and on which more than one source pixel fell. */
  readonly holes: number;
  readonly overlaps: number;
}

/** A matrix as a map for `mapForward`, with w kept away from 0. */
export function dropsOf(matrix: Matrix3): DropMap {
  return (x, y) => {
    const w = keepFromZero(matrix[6] * x + matrix[7] * y + matrix[8]);
    return {
      x: (matrix[0] * x + matrix[1] * y + matrix[2]) / w,
      y: (matrix[3] * x + matrix[4] * y + matrix[5]) / w,
    };
  };
}

/**
 * Maps an image of 8 bits forwards for showing it, with a channel that says where something fell.
 *
 * **Convention**: `map` takes pixel points of the source to pixel points of the target, corner frame on both sides.
 */
export function dropForward(
  source: Raster<Uint8Array>,
  map: DropMap,
  size: { readonly width: number; readonly height: number },
  options: ForwardOptions = {},
): Dropped {
  const { width, height, channels, data, weight, holes, overlaps } = mapForward(source, map, size, options);
  const plane = width * height;
  const out = new Float32Array((channels + 1) * plane);
  for (let i = 0; i < channels * plane; i++) out[i] = data[i] / 255;
  for (let at = 0; at < plane; at++) out[channels * plane + at] = weight[at] > 0 ? 1 : 0;
  return { raster: { width, height, channels: channels + 1, data: out }, holes, overlaps };
}
