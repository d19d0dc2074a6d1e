import { pixelToUnit } from '../geometry/frames.ts';
import { levelToDrop } from '../geometry/forward.ts';
import { invert, multiply, type Matrix3 } from '../geometry/matrix.ts';
import { measureWarp } from '../geometry/warp-measure.ts';
import { encodeRaster } from '../imaging/encode.ts';
import type { ImageResult } from '../imaging/failure.ts';
import { succeed } from '../imaging/failure.ts';
import type { Outside } from '../imaging/warp.ts';
import { warpFile } from '../imaging/warp.ts';
import { dropForward, dropsOf } from '../stn/drop-forward.ts';
import type { Kernel } from '../stn/sample.ts';
import type { Reading } from './glances.ts';
import { heldLevels } from './held.ts';

/** A crop of one image, as a picture file. */
export interface PreviewRequest extends Reading {
  readonly path: string;
  /** Canonical frame to pixels of the oriented original. */
  readonly canonicalToImage: Matrix3;
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  readonly outside: Outside;
  /** Reverse: every pixel of the crop asks the original. Forward: every pixel of the original is dropped on the crop. */
  readonly mapping: 'reverse' | 'forward';
  readonly format: 'png' | 'jpeg';
}

/** A crop and what it takes from its original; holes and overlaps are counted in forward mapping only. */
export interface Preview {
  readonly bytes: Uint8Array;
  readonly outsideFraction: number;
  readonly effectiveResolution: number;
  readonly holes: number;
  readonly overlaps: number;
}

/** Renders a crop exactly as an export would, or by forward mapping to show what that does. */
export async function renderPreview(request: PreviewRequest): Promise<ImageResult<Preview>> {
  const { path, canonicalToImage, width, height, kernel, outside, format, allowDamaged, limits } = request;
  const reading = { allowDamage: allowDamaged, limits };
  if (request.mapping === 'forward') return await dropOnCrop(request);
  const crop = await warpFile(path, canonicalToImage, { width, height, kernel, outside, ...reading });
  if (!crop.ok) return crop;
  const { outsideFraction, effectiveResolution } = crop.value.measure;
  const bytes = await encodeRaster(crop.value.raster, { format });
  return succeed({ bytes, outsideFraction, effectiveResolution, holes: 0, overlaps: 0 });
}

async function dropOnCrop(request: PreviewRequest): Promise<ImageResult<Preview>> {
  const { path, canonicalToImage, width, height, format, allowDamaged, limits } = request;
  const reading = { allowDamage: allowDamaged, limits };
  const found = await heldLevels.infoOf(path, reading);
  if (!found.ok) return found;
  const info = found.value;
  const { outsideFraction, effectiveResolution } = measureWarp(canonicalToImage, info, { width, height });
  const level = levelToDrop(effectiveResolution);
  const part = await heldLevels.partAround(path, level, { left: 0, top: 0 }, reading);
  if (!part.ok) return part;
  const { raster } = part.value;
  const toCrop = invert(multiply(canonicalToImage, pixelToUnit(width, height)));
  const toOriginal: Matrix3 = [info.width / raster.width, 0, 0, 0, info.height / raster.height, 0, 0, 0, 1];
  const dropped = dropForward(raster, dropsOf(multiply(toCrop, toOriginal)), { width, height });
  const bytes = await encodeRaster(dropped.raster, { format });
  const { holes, overlaps } = dropped;
  return succeed({ bytes, outsideFraction, effectiveResolution, holes, overlaps });
}
