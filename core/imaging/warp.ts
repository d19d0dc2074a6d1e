import type { CanonicalToPixel, WarpMeasure } from '../geometry/warp-measure.ts';
import { sourceOfCrop, type Edge } from '../geometry/warp-source.ts';
import type { Raster } from '../stn/raster.ts';
import { sampleRaster, type Kernel } from '../stn/sample.ts';
import { openImage } from './decode.ts';
import { decodePixels, type ImageInfo } from './decoder.ts';
import { succeed, type ImageResult, type ReadOptions } from './failure.ts';

/** What is shown where a crop reaches outside its original; `transparent` adds an alpha channel. */
export type Outside = Edge | 'transparent';

/** How a crop is rendered. */
export interface WarpOptions extends ReadOptions {
  /** Size of the crop in pixels. */
  readonly width: number;
  readonly height: number;
  /** Default `bilinear`. */
  readonly kernel?: Kernel | undefined;
  /** Default `zeros`. */
  readonly outside?: Outside | undefined;
  /** Where `reflection` reflects: about the outer edges (default) or about the centres of the outer pixels. */
  readonly alignCorners?: boolean | undefined;
  /** Decode 16-bit originals with all their bits; default false. */
  readonly keepDepth?: boolean | undefined;
}

/** A rendered crop. */
export interface WarpedImage {
  readonly info: ImageInfo;
  /** `[3, H, W]`, or `[4, H, W]` when transparent (colours not multiplied by alpha); sRGB, 0..1. */
  readonly raster: Raster<Float32Array>;
  readonly measure: WarpMeasure;
}

/**
 * Renders a crop from an image file at full resolution.
 *
 * Without aliasing: where the map takes steps of more than one source pixel, the original is first reduced, along x and
 * y separately, so that steps become one pixel. Only the part of the original that is looked at is held in memory.
 *
 * **Convention**: `transform` maps canonical points ([-1, 1] across the crop) to pixel points of the oriented original,
 * corner frame. Broken files are results, never exceptions.
 */
export async function warpFile(
  path: string,
  transform: CanonicalToPixel,
  options: WarpOptions,
): Promise<ImageResult<WarpedImage>> {
  const opened = await openImage(path, options);
  if (!opened.ok) return opened;
  const { source, info } = opened.value;
  const outside = options.outside ?? 'zeros';
  const transparent = outside === 'transparent';
  const edge = transparent ? 'zeros' : outside;
  const { measure, width, height, area, map } = sourceOfCrop(transform, info, options, edge);
  const request = { width, height, area, keepDepth: options.keepDepth, keepAlpha: transparent && info.hasAlpha };
  const decoded = await decodePixels(source, info, request, options);
  if (!decoded.ok) return decoded;
  const sampled = sampleRaster(
    transparent ? premultiplied(decoded.value) : decoded.value,
    map,
    options.width,
    options.height,
    { kernel: options.kernel ?? 'bilinear', padding: edge, alignCorners: options.alignCorners ?? false },
  );
  return succeed({ info, raster: transparent ? straight(sampled) : sampled, measure });
}

/** Colours times alpha, so that nothing bleeds in from where the image is transparent or ends. */
function premultiplied(raster: Raster<Uint8Array | Uint16Array>): Raster {
  const size = raster.width * raster.height;
  const full = raster.data instanceof Uint16Array ? 65535 : 255;
  if (raster.channels === 4) {
    for (let i = 0; i < size; i++) {
      const alpha = raster.data[3 * size + i];
      if (alpha === full) continue;
      for (let at = i; at < 3 * size; at += size) raster.data[at] = Math.round((raster.data[at] * alpha) / full);
    }
    return raster;
  }
  const data = raster.data instanceof Uint16Array ? new Uint16Array(4 * size) : new Uint8Array(4 * size);
  data.set(raster.data);
  data.fill(full, 3 * size);
  return { ...raster, channels: 4, data };
}

/** Divides colours by alpha again. */
function straight(raster: Raster<Float32Array>): Raster<Float32Array> {
  const size = raster.width * raster.height;
  const { data } = raster;
  for (let i = 0; i < size; i++) {
    const alpha = Math.min(1, Math.max(0, data[3 * size + i]));
    data[3 * size + i] = alpha;
    for (let at = i; at < 3 * size; at += size) data[at] = alpha > 0 ? Math.min(1, Math.max(0, data[at] / alpha)) : 0;
  }
  return raster;
}
