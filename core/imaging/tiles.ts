import type { Raster } from '../stn/raster.ts';
import type { PixelArea } from './decoder.ts';
import { encodeRaster } from './encode.ts';
import { succeed, type ImageResult, type ReadOptions } from './failure.ts';
import { levelSize, type HeldLevels } from './held-levels.ts';

/** Which square of an image is wanted. Level n has 1 / 2^n of the oriented image's size; columns and rows count from 0. */
export interface TilePlace {
  readonly level: number;
  readonly column: number;
  readonly row: number;
  /** Pixels a side; tiles at the far edges are smaller. */
  readonly side: 256 | 512;
}

/** A tile as a JPEG file; null where the image has none at that place. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Almost without loss, so that single pixels can be looked at. */
const quality = 92;

/** Cuts a tile out of an image that is held, decoding it where it is not. */
export async function cutTile(
  held: HeldLevels,
  path: string,
  { level, column, row, side }: TilePlace,
  options: ReadOptions = {},
): Promise<ImageResult<Tile | null>> {
  const [left, top] = [column * side, row * side];
  const found = await held.partAround(path, level, { left, top }, options);
  if (!found.ok) return found;
  const { info, area, raster } = found.value;
  const size = levelSize(info, level);
  const width = Math.min(side, size.width - left);
  const height = Math.min(side, size.height - top);
  if (width <= 0 || height <= 0) return succeed(null);
  const piece = cutOut(raster, { left: left - area.left, top: top - area.top, width, height });
  return succeed({ width, height, bytes: await encodeRaster(piece, { format: 'jpeg', quality }) });
}

/** Copies an area of a raster; the area must lie within it. */
function cutOut(raster: Raster<Uint8Array>, { left, top, width, height }: PixelArea): Raster<Uint8Array> {
  const data = new Uint8Array(raster.channels * width * height);
  for (let channel = 0, to = 0; channel < raster.channels; channel++)
    for (let y = 0; y < height; y++, to += width) {
      const from = (channel * raster.height + top + y) * raster.width + left;
      data.set(raster.data.subarray(from, from + width), to);
    }
  return { width, height, channels: raster.channels, data };
}
