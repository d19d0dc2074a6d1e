import { keepFromZero } from '../geometry/grid.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import type { Raster } from './raster.ts';

/** An image that was mapped forwards, and what that did to the target. */
export interface Dropped {
  /** `[C + 1, H, W]`, 0..1: the mean of what fell on each pixel; the last channel is 1 where something did, else 0. */
  readonly raster: Raster<Float32Array>;
  /** Pixels of the target on which nothing fell, and on which more than one source pixel fell. */
  readonly holes: number;
  readonly overlaps: number;
}

/**
 * Maps an image forwards: every source pixel is dropped on the target pixel that holds its centre's image. Unlike
 * sampling, which asks for every target pixel where it comes from, this leaves holes where the map enlarges and overlaps
 * where it reduces.
 *
 * **Convention**: `matrix` takes pixel points of the source to pixel points of the target, corner frame on both sides.
 */
export function dropForward(
  source: Raster<Uint8Array>,
  matrix: Matrix3,
  { width, height }: { readonly width: number; readonly height: number },
): Dropped {
  const { channels, data } = source;
  const plane = width * height;
  const sourcePlane = source.width * source.height;
  const out = new Float32Array((channels + 1) * plane);
  const counts = new Uint32Array(plane);
  for (let y = 0, from = 0; y < source.height; y++)
    for (let x = 0; x < source.width; x++, from++) {
      const [u, v] = [x + 0.5, y + 0.5];
      const w = keepFromZero(matrix[6] * u + matrix[7] * v + matrix[8]);
      const column = Math.floor((matrix[0] * u + matrix[1] * v + matrix[2]) / w);
      const row = Math.floor((matrix[3] * u + matrix[4] * v + matrix[5]) / w);
      if (!(column >= 0 && row >= 0 && column < width && row < height)) continue;
      const at = row * width + column;
      counts[at]++;
      for (let c = 0; c < channels; c++) out[c * plane + at] += data[c * sourcePlane + from];
    }
  let [holes, overlaps] = [0, 0];
  for (let at = 0; at < plane; at++) {
    const count = counts[at];
    if (count === 0) holes++;
    else {
      if (count > 1) overlaps++;
      for (let c = 0; c < channels; c++) out[c * plane + at] /= 255 * count;
      out[channels * plane + at] = 1;
    }
  }
  return { raster: { width, height, channels: channels + 1, data: out }, holes, overlaps };
}
