import sharp from 'sharp';
import type { Raster } from '../stn/raster.ts';
import { loadWorkRaster, type SmallCopyOptions } from './decode.ts';
import { succeed, type ImageResult } from './failure.ts';
import { toInterleaved } from './planar.ts';

/** The formats that are written. */
export type OutputFormat = 'png' | 'jpeg' | 'webp' | 'tiff';

/** How a raster is written. */
export interface EncodeOptions {
  readonly format: OutputFormat;
  /** 1..100 for JPEG and WebP; default 90. */
  readonly quality?: number | undefined;
  /** WebP without loss; default false. PNG and TIFF always are. */
  readonly lossless?: boolean | undefined;
  /** Bits per channel; 16 for PNG and TIFF only. Default 16 for 16-bit rasters where the format holds them, else 8. */
  readonly depth?: 8 | 16 | undefined;
}

/**
 * Writes a planar raster `[1 to 4, H, W]` (8 or 16 bits, or floats 0..1) as the bytes of an image file without any
 * metadata, in sRGB; the same raster gives the same bytes. JPEG has no alpha: a fourth channel is laid over white.
 *
 * **Throws** a RangeError when the raster has no 1 to 4 channels.
 */
export async function encodeRaster(raster: Raster, options: EncodeOptions): Promise<Buffer> {
  if (!(raster.channels >= 1 && raster.channels <= 4)) {
    throw new RangeError(`An image has 1 to 4 channels; this raster has ${raster.channels}.`);
  }
  const holds16 = options.format === 'png' || options.format === 'tiff';
  const depth = holds16 ? (options.depth ?? (raster.data instanceof Uint16Array ? 16 : 8)) : 8;
  const { width, height, channels, data } = toInterleaved(raster, depth);
  const grey = channels < 3;
  let image = sharp(data, { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 }, limitInputPixels: false });
  if (options.format === 'jpeg' && (channels === 2 || channels === 4)) image = image.flatten({ background: '#ffffff' });
  image = image.toColourspace(depth === 16 ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb');
  const quality = options.quality ?? 90;
  switch (options.format) {
    case 'png':
      return image.png({ compressionLevel: 6 }).toBuffer();
    case 'jpeg':
      return image.jpeg({ quality, chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0' }).toBuffer();
    case 'webp':
      return image.webp({ quality, lossless: options.lossless ?? false }).toBuffer();
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer();
  }
}

/**
 * Makes the thumbnail of an image file: longest side at most `maxSide`, oriented, sRGB, over white.
 */
export async function makeThumbnail(
  path: string,
  options: SmallCopyOptions & {
    readonly format?: 'webp' | 'jpeg' | undefined;
    readonly quality?: number | undefined;
  } = {},
): Promise<ImageResult<Buffer>> {
  const small = await loadWorkRaster(path, options);
  if (!small.ok) return small;
  const { format = 'webp', quality = 80 } = options;
  return succeed(await encodeRaster(small.value.raster, { format, quality }));
}

/** Writes the bytes of an image file as a `data:` address that a page can hold without any other file. */
export function toDataUri(bytes: Uint8Array, format: OutputFormat): string {
  return `data:image/${format};base64,${Buffer.from(bytes).toString('base64')}`;
}
