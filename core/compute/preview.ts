import { dropMap } from '../geometry/forward-map.ts';
import { pixelToUnit } from '../geometry/frames.ts';
import { levelToDrop, type DropMap } from '../geometry/forward.ts';
import { invert, multiply, type Matrix3 } from '../geometry/matrix.ts';
import { measureWarp, type CanonicalToPixel, type PointMap } from '../geometry/warp-measure.ts';
import type { Size } from '../geometry/units.ts';
import type { InverseMap } from '../geometry/warp.ts';
import { warpFamily } from '../geometry/warp-family.ts';
import { encodeRaster } from '../imaging/encode.ts';
import type { ImageResult } from '../imaging/failure.ts';
import { succeed } from '../imaging/failure.ts';
import type { Outside } from '../imaging/warp.ts';
import { warpFile } from '../imaging/warp.ts';
import { dropForward, dropsOf } from '../stn/drop-forward.ts';
import type { Kernel } from '../stn/sample.ts';
import type { Reading } from './glances.ts';
import { heldLevels } from './held.ts';
import type { JobContext } from './job.ts';
import { workOn, type Quarantined } from './work-through.ts';

/** A crop of one image, as a picture file. */
export interface PreviewRequest extends Reading {
  readonly path: string;
  /** Canonical frame to pixels of the oriented original. */
  readonly canonicalToImage: Matrix3;
  /** A warp that is no matrix, between the canonical frame (already scaled) and the original; it stands for the matrix. */
  readonly warp?: ChosenWarp | undefined;
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  readonly outside: Outside;
  /** Reverse: every pixel of the crop asks the original. Forward: every pixel of the original is dropped on the crop. */
  readonly mapping: 'reverse' | 'forward';
  readonly format: 'png' | 'jpeg';
}

/** A member of a family of warps, and how much larger than its own crop the one that is shown is. */
export interface ChosenWarp {
  readonly family: string;
  readonly parameters: readonly number[];
  readonly zoom: number;
  readonly mirrored: boolean;
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
export async function renderPreview(
  request: PreviewRequest,
  { hands }: Pick<JobContext, 'hands'>,
): Promise<ImageResult<Preview> | Quarantined> {
  return await workOn(request.path, hands, () => render(request));
}

async function render(request: PreviewRequest): Promise<ImageResult<Preview>> {
  const { path, canonicalToImage, width, height, kernel, outside, format, allowDamaged, limits } = request;
  const reading = { allowDamage: allowDamaged, limits };
  let transform: CanonicalToPixel = canonicalToImage;
  if (request.warp || request.mapping === 'forward') {
    const found = await heldLevels.infoOf(path, reading);
    if (!found.ok) return found;
    if (request.warp) transform = pixelMap(request.warp, found.value, request);
    if (request.mapping === 'forward') return await dropOnCrop(request, found.value, transform);
  }
  const crop = await warpFile(path, transform, { width, height, kernel, outside, ...reading });
  if (!crop.ok) return crop;
  const { outsideFraction, effectiveResolution } = crop.value.measure;
  const bytes = await encodeRaster(crop.value.raster, { format });
  return succeed({ bytes, outsideFraction, effectiveResolution, holes: 0, overlaps: 0 });
}

async function dropOnCrop(
  request: PreviewRequest,
  info: Size,
  transform: CanonicalToPixel,
): Promise<ImageResult<Preview>> {
  const { path, canonicalToImage, width, height, format, allowDamaged, limits } = request;
  const reading = { allowDamage: allowDamaged, limits };
  const { outsideFraction, effectiveResolution } = measureWarp(transform, info, { width, height });
  const level = levelToDrop(effectiveResolution);
  const part = await heldLevels.partAround(path, level, { left: 0, top: 0 }, reading);
  if (!part.ok) return part;
  const { raster } = part.value;
  const toCrop = invert(multiply(canonicalToImage, pixelToUnit(width, height)));
  const toOriginal: Matrix3 = [info.width / raster.width, 0, 0, 0, info.height / raster.height, 0, 0, 0, 1];
  const drops = request.warp
    ? warpDrops(request.warp, { info, raster }, request)
    : dropsOf(multiply(toCrop, toOriginal));
  const dropped = dropForward(raster, drops, { width, height });
  const bytes = await encodeRaster(dropped.raster, { format });
  const { holes, overlaps } = dropped;
  return succeed({ bytes, outsideFraction, effectiveResolution, holes, overlaps });
}

/** A warp as a map from the canonical frame to pixels of the original. */
function pixelMap({ family, parameters, zoom, mirrored }: ChosenWarp, image: Size, crop: Size): PointMap {
  const map = warpFamily(family).mapOf(parameters, { ...image, canonicalAspect: crop.width / crop.height });
  const side = mirrored ? -zoom : zoom;
  return (x, y) => {
    const unit = map(side * x, zoom * y);
    return { x: ((unit.x + 1) * image.width) / 2, y: ((unit.y + 1) * image.height) / 2 };
  };
}

/** Where the pixels of a (reduced) original fall under a warp. */
function warpDrops(
  { family, parameters, zoom, mirrored }: ChosenWarp,
  { info, raster }: { readonly info: Size; readonly raster: Size },
  crop: Size,
): DropMap {
  const frame = { width: info.width, height: info.height, canonicalAspect: crop.width / crop.height };
  const inverse = warpFamily(family).inverseOf(parameters, frame);
  const within: InverseMap = (x, y) => {
    const found = inverse(x, y);
    return { x: found.x / (mirrored ? -zoom : zoom), y: found.y / zoom, error: found.error };
  };
  return dropMap(within, raster, crop);
}
