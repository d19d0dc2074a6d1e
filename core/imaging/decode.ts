import type { Raster } from '../stn/raster.ts';
import { decodePixels, readHeader, type ImageInfo, type PixelRequest } from './decoder.ts';
import { succeed, type ImageResult, type ReadOptions } from './failure.ts';
import { readSource, type ImageSource } from './source.ts';

/** An image file and its pixels. */
export interface DecodedImage<Data extends Uint8Array | Uint16Array = Uint8Array | Uint16Array> {
  readonly info: ImageInfo;
  readonly raster: Raster<Data>;
}

/** How a whole image is decoded. */
export type DecodeOptions = ReadOptions & Pick<PixelRequest, 'keepDepth' | 'keepAlpha'>;

/** Everything that the pixels of a small copy depend on: the file's SHA-256, the copy's size, whether damage is allowed. */
export interface SmallCopyKey {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly allowDamage: boolean;
}

/** Keeps the pixels of small copies between runs; it may lose any of them at any time, and may take its time. */
export interface SmallCopyCache {
  readonly read: (key: SmallCopyKey) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  readonly write: (key: SmallCopyKey, pixels: Uint8Array) => unknown;
}

/** How a small copy is decoded. */
export interface SmallCopyOptions extends ReadOptions {
  /** Where small copies are kept between runs; none by default. */
  readonly cache?: SmallCopyCache | undefined;
  /** Longest side in pixels; smaller images keep their size. Default 256. */
  readonly maxSide?: number | undefined;
}

/** Reads what there is to know about an image file without decoding its pixels; hashes all of its bytes. */
export async function readImageInfo(path: string, options: ReadOptions = {}): Promise<ImageResult<ImageInfo>> {
  const opened = await openImage(path, options);
  return opened.ok ? succeed(opened.value.info) : opened;
}

/**
 * Decodes a whole image as it is meant to be seen: EXIF orientation applied, colours in sRGB, grey and CMYK as RGB, the
 * first frame of animations; planar `[3, H, W]`, 8 bits unless `keepDepth`.
 *
 * Transparent images are laid over white, as pages and shops show them; `keepAlpha` keeps a fourth channel instead.
 * Broken files are results, never exceptions.
 */
export async function decodeImage(path: string, options: DecodeOptions = {}): Promise<ImageResult<DecodedImage>> {
  const opened = await openImage(path, options);
  if (!opened.ok) return opened;
  const { source, info } = opened.value;
  const raster = await decodePixels(source, info, options, options);
  return raster.ok ? succeed({ info, raster: raster.value }) : raster;
}

/**
 * Decodes the small copy that learners work on: planar RGB `[3, h, w]`, 8 bits, over white, longest side at most
 * `maxSide`, made without aliasing and, for JPEG, with far less work than decoding the whole image.
 */
export async function loadWorkRaster(
  path: string,
  options: SmallCopyOptions = {},
): Promise<ImageResult<DecodedImage<Uint8Array>>> {
  const opened = await openImage(path, options);
  if (!opened.ok) return opened;
  const { source, info } = opened.value;
  const scale = Math.min(1, (options.maxSide ?? 256) / Math.max(info.width, info.height));
  const width = Math.max(1, Math.round(info.width * scale));
  const height = Math.max(1, Math.round(info.height * scale));
  const key = { image: info.sha256, width, height, allowDamage: options.allowDamage ?? false };
  const kept = await options.cache?.read(key);
  if (kept?.length === 3 * width * height) return succeed({ info, raster: { width, height, channels: 3, data: kept } });
  const raster = await decodePixels(source, info, { width, height }, options);
  if (!raster.ok) return raster;
  const data = raster.value.data as Uint8Array;
  await options.cache?.write(key, data);
  return succeed({ info, raster: { ...raster.value, data } });
}

/** Opens a file and reads its header. */
export async function openImage(
  path: string,
  options: ReadOptions,
): Promise<ImageResult<{ readonly source: ImageSource; readonly info: ImageInfo }>> {
  const source = await readSource(path, options);
  if (!source.ok) return source;
  const info = await readHeader(source.value, options);
  return info.ok ? succeed({ source: source.value, info: info.value }) : info;
}
