import sharp from 'sharp';
import type { Size } from '../geometry/units.ts';
import { openImage } from './decode.ts';
import { decodeStored, type ImageInfo } from './decoder.ts';
import { succeed, type ImageResult, type ReadOptions } from './failure.ts';
import { perceptualHash } from './perceptual-hash.ts';
import { toInterleaved, toPlanar, type Interleaved } from './planar.ts';

/** A small picture of an image as a JPEG file; `side` is the longest side that was asked for. */
export interface Thumbnail {
  readonly side: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** What looking at an image once gives. */
export interface ImageGlance {
  readonly info: ImageInfo;
  /** In the order of the sides asked for. */
  readonly thumbnails: readonly Thumbnail[];
  /** See `perceptualHash`; null for images without any structure. */
  readonly perceptualHash: string | null;
}

/** JPEG and WebP take the same room at this quality, and JPEG a quarter of the time. */
const quality = 80;

/**
 * Reads an image file once and gives its facts, its hashes and its thumbnails: oriented, sRGB, over white, each with its
 * longest side at most one of `sides`; images that are smaller keep their size.
 *
 * The file is decoded once, at about the largest size; the others are made from that. Broken files are results.
 */
export async function glanceAt(
  path: string,
  sides: readonly number[],
  options: ReadOptions = {},
): Promise<ImageResult<ImageGlance>> {
  const opened = await openImage(path, options);
  if (!opened.ok) return opened;
  const { source, info } = opened.value;
  const largest = sizeWithin(info, Math.max(...sides));
  const decoded = await decodeStored(source, info, { ...largest, roughly: true }, options);
  if (!decoded.ok) return decoded;
  const pixels = oriented(decoded.value, info);
  const thumbnails: Thumbnail[] = [];
  for (const side of sides) thumbnails.push({ side, ...(await encode(pixels, sizeWithin(info, side))) });
  return succeed({ info, thumbnails, perceptualHash: perceptualHash(pixels) });
}

function oriented(stored: Interleaved, { orientation }: ImageInfo): Interleaved {
  return orientation === 1 ? stored : toInterleaved(toPlanar(stored, orientation), 8);
}

function sizeWithin(size: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(size.width, size.height));
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

async function encode(pixels: Interleaved, { width, height }: Size): Promise<Omit<Thumbnail, 'side'>> {
  const { data, channels } = pixels;
  let image = sharp(data, { raw: { width: pixels.width, height: pixels.height, channels: channels as 1 | 3 } });
  if (width !== pixels.width || height !== pixels.height) image = image.resize(width, height, { fit: 'fill' });
  return { width, height, bytes: await image.jpeg({ quality }).toBuffer() };
}
