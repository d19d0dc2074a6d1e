import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { ImageResult } from '../../core/imaging/failure.ts';
import type { Raster } from '../../core/stn/raster.ts';
import { temporaryFolder } from './temporary.ts';

/** Writes bytes under a name into a fresh temporary folder and returns the path. */
export async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

/** Draws a picture from a function of the pixel that returns its channels. */
export function draw(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly number[],
  depth: 8 | 16 = 8,
): Sharp {
  const channels = colour(0, 0).length as 1 | 2 | 3 | 4;
  const data = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * channels);
  }
  const image = sharp(data, { raw: { width, height, channels } });
  return depth === 16 ? image.toColourspace(channels < 3 ? 'grey16' : 'rgb16') : image;
}

/** A smooth picture without any symmetry, so that every wrong turn and every shift shows. */
export function slope(width: number, height: number): Sharp {
  return draw(width, height, (x, y) => slopeColour((x + 0.5) / width, (y + 0.5) / height));
}

/** The colour of `slope` at a place given in shares of its width and height. */
export function slopeColour(u: number, v: number): readonly [number, number, number] {
  return [Math.round(30 + 200 * u), Math.round(30 + 200 * v), Math.round(40 + 80 * u * u + 90 * v)];
}

/** The channels of one pixel of a planar raster. */
export function pixel(raster: Raster, x: number, y: number): number[] {
  const size = raster.width * raster.height;
  return Array.from({ length: raster.channels }, (_, c) => raster.data[c * size + y * raster.width + x]);
}

/** The largest difference between two lists of numbers. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

/** The value of a result that must be there. */
export function valueOf<T>(result: ImageResult<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.reason}`);
  return result.value;
}
