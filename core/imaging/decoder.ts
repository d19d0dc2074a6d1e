import sharp from 'sharp';
import {
  fail,
  limitsOf,
  makeSmaller,
  megapixels,
  succeed,
  type ImageFailure,
  type ImageResult,
  type ReadOptions,
} from './failure.ts';
import type { ImageFormat } from './sniff.ts';
import type { ImageSource } from './source.ts';
import { isOrientation, readExif } from './exif.ts';
import { orientedSize, type Orientation } from '../geometry/frames.ts';
import { endsEarly } from './structure.ts';
import { toPlanar, type Interleaved } from './planar.ts';
import type { Raster } from '../stn/raster.ts';

/* Images are read once each and several at a time, so a cache only holds memory and threads inside one image only wait. */
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Uhdr', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'].map((loader) => `VipsForeignLoad${loader}`),
});

/** What is known of an image file before its pixels are decoded. */
export interface ImageInfo {
  readonly format: ImageFormat;
  /** Size as stored, before the EXIF orientation. */
  readonly storedWidth: number;
  readonly storedHeight: number;
  /** Size of the oriented original: every stored coordinate lives in this frame. */
  readonly width: number;
  readonly height: number;
  /** The orientation that is applied, 1 where the file has none or an illegal one. */
  readonly orientation: Orientation;
  /** What the file says where that is not legal: a number outside 1 to 8, or `wrong type`. */
  readonly illegalOrientation?: number | 'wrong type';
  /** Channels as stored, alpha included. */
  readonly channels: number;
  /** Bits per channel that decoding can keep: 16 for files with more than 8. */
  readonly depth: 8 | 16;
  readonly hasAlpha: boolean;
  readonly hasProfile: boolean;
  /** When the picture was taken: milliseconds since 1970 of the camera's own clock, read as if it stood in UTC. */
  readonly takenAt?: number;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** SHA-256 of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string;
}

/** Which pixels are wanted. Sizes and areas are in the oriented image. */
export interface PixelRequest {
  /** Scale the whole image to this size (a plain resize without aliasing); default its own size. */
  readonly width?: number;
  readonly height?: number;
  /** Let JPEG decoders do the shrinking even where the far edge moves by up to 7 stored pixels; default false. */
  readonly roughly?: boolean | undefined;
  /** Keep only this area of the scaled image. */
  readonly area?: PixelArea | undefined;
  /** Keep 16 bits where the file has them; default 8. */
  readonly keepDepth?: boolean | undefined;
  /** Return four channels; without it alpha is laid over white. */
  readonly keepAlpha?: boolean | undefined;
}

/** A rectangle of whole pixels. */
export interface PixelArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Reads what the header of a file says, refusing what is too large or of a kind that cannot be shown, without decoding. */
export async function readHeader(source: ImageSource, options: ReadOptions): Promise<ImageResult<ImageInfo>> {
  const limits = limitsOf(options);
  try {
    const found = await sharp(source.input, {
      limitInputPixels: false,
      limitInputChannels: false,
      failOn: 'none',
    }).metadata();
    const { width, height } = found;
    if (width * height > limits.pixels) {
      return fail(
        'too-many-pixels',
        `The image is ${width} x ${height} = ${megapixels(width * height)}; at most ${megapixels(limits.pixels)} are read. ${makeSmaller(options)}`,
      );
    }
    if (found.depth !== 'uchar' && found.depth !== 'ushort') {
      return fail(
        'unsupported-format',
        `The image has ${found.depth} samples; 8 and 16 bit whole numbers are read. Save it with 16 bits per channel.`,
      );
    }
    const colours = found.channels - (found.hasAlpha ? 1 : 0);
    if (colours > 4) {
      return fail(
        'unsupported-format',
        `The image has ${colours} colour channels; grey, RGB and CMYK are read. Save the channels as separate images.`,
      );
    }
    const exif = found.exif === undefined ? { orientation: found.orientation } : readExif(found.exif);
    const said = exif.orientation;
    const legal = said === undefined || isOrientation(said);
    /* What the decoder says counts, not the tag alone: formats that turn their pixels themselves may still carry one. */
    const orientation = legal && isOrientation(found.orientation) ? found.orientation : 1;
    return succeed({
      format: source.format,
      storedWidth: width,
      storedHeight: height,
      ...orientedSize(orientation, { width, height }),
      orientation,
      ...(legal ? {} : { illegalOrientation: Number.isNaN(said) ? ('wrong type' as const) : said }),
      channels: found.channels,
      depth: found.depth === 'ushort' ? 16 : 8,
      hasAlpha: found.hasAlpha,
      hasProfile: found.hasProfile,
      ...(exif.takenAt === undefined ? {} : { takenAt: exif.takenAt }),
      bytes: source.bytes,
      sha256: source.sha256,
    });
  } catch {
    return decoderFailure(source);
  }
}

/**
 * Decodes pixels: sRGB, oriented, planar `[3 or 4, H, W]`, 8 bits or (when asked and there) 16; the first frame of
 * animations. Memory beyond the result stays at a few rows, except for files that store rows out of order.
 */
export async function decodePixels(
  source: ImageSource,
  info: ImageInfo,
  request: PixelRequest,
  options: ReadOptions,
): Promise<ImageResult<Raster<Uint8Array | Uint16Array>>> {
  const stored = await decodeStored(source, info, request, options);
  return stored.ok ? succeed(toPlanar(stored.value, info.orientation)) : stored;
}

/** Decodes the same pixels as `decodePixels`, but leaves them as they are stored: `[H, W, C]`, not yet oriented. */
export async function decodeStored(
  source: ImageSource,
  info: ImageInfo,
  request: PixelRequest,
  options: ReadOptions,
): Promise<ImageResult<Interleaved>> {
  const limits = limitsOf(options);
  const wide = request.keepDepth === true && info.depth === 16;
  const begun = performance.now();
  try {
    const { data, info: made } = await pipeline(source, info, request, wide, options)
      .timeout({ seconds: limits.seconds })
      .raw(wide ? { depth: 'ushort' } : {})
      .toBuffer({ resolveWithObject: true });
    return succeed({
      width: made.width,
      height: made.height,
      channels: made.channels,
      data: wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data,
    });
  } catch {
    if (performance.now() - begun >= limits.seconds * 1000) {
      return fail(
        'timed-out',
        `Decoding took longer than ${limits.seconds} s and was stopped. Save the image again, or make it smaller.`,
      );
    }
    return decoderFailure(source);
  }
}

/** Says what is wrong with a file that its decoder gave up on. */
function decoderFailure(source: ImageSource): ImageFailure {
  const kind = source.format.toUpperCase();
  if (typeof source.input !== 'string' && endsEarly(source.format, source.input)) {
    return fail(
      'truncated',
      `The ${kind} data ends too early, after ${source.bytes.toLocaleString('en')} bytes. Copy the file again from its source, or allow damaged images.`,
    );
  }
  return fail(
    'damaged',
    `The ${kind} data is damaged and cannot be decoded. Copy the file again from its source, or save it again.`,
  );
}

/** Everything up to the raw pixels, in the frame of the stored image; the orientation comes after. */
function pipeline(source: ImageSource, info: ImageInfo, request: PixelRequest, wide: boolean, options: ReadOptions) {
  const swapped = info.orientation >= 5;
  const width = request.width ?? info.width;
  const height = request.height ?? info.height;
  const [columns, rows] = swapped ? [height, width] : [width, height];
  let image = sharp(source.input, {
    failOn: options.allowDamage === true ? 'none' : 'truncated',
    limitInputPixels: limitsOf(options).pixels,
  });
  if (columns !== info.storedWidth || rows !== info.storedHeight) {
    if (request.roughly !== true && !shrinksExactly(info)) {
      image = image.extract({ left: 0, top: 0, width: info.storedWidth, height: info.storedHeight });
    }
    image = image.resize(columns, rows, { fit: 'fill', kernel: 'lanczos3' });
  }
  if (request.area !== undefined) image = image.extract(storedArea(request.area, info.orientation, columns, rows));
  if (request.keepAlpha === true) image = image.ensureAlpha();
  else if (info.hasAlpha) image = image.flatten({ background: '#ffffff' });
  /* 16-bit colours come out of their profile as Display P3 unless sRGB is asked for by name. */
  if (info.depth === 16 && info.hasProfile) image = image.withIccProfile('srgb', { attach: false });
  return image.toColourspace(wide ? 'rgb16' : 'srgb');
}

/**
 * JPEG decoders shrink by 2, 4 or 8 while decoding, which is fast, but fill up the last block: sides that 8 does not
 * divide would come out shifted by up to 7 pixels at the far edge. Those are decoded at full size first.
 */
function shrinksExactly(info: ImageInfo): boolean {
  return info.format !== 'jpeg' || (info.storedWidth % 8 === 0 && info.storedHeight % 8 === 0);
}

/** The same rectangle in the stored frame of a scaled image of the given stored size. */
function storedArea(area: PixelArea, orientation: Orientation, columns: number, rows: number): PixelArea {
  const { left, top, width, height } = area;
  const swapped = orientation >= 5;
  const x = swapped ? top : left;
  const y = swapped ? left : top;
  const [w, h] = swapped ? [height, width] : [width, height];
  const flipsX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const flipsY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  return { left: flipsX ? columns - x - w : x, top: flipsY ? rows - y - h : y, width: w, height: h };
}
