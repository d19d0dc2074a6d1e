import { CongealError } from '../contract/errors.ts';
import { dropMap } from '../geometry/forward-map.ts';
import type { ForwardOptions } from '../geometry/forward.ts';
import { unitCentres } from '../geometry/grid.ts';
import { pixelToUnit, unitToPixel } from '../geometry/frames.ts';
import { applyPoint } from '../geometry/matrix.ts';
import type { Point, Size } from '../geometry/units.ts';
import type { InverseMap } from '../geometry/warp.ts';
import { warpFamily } from '../geometry/warp-family.ts';
import { decodeImage, loadWorkRaster } from '../imaging/decode.ts';
import { encodeRaster } from '../imaging/encode.ts';
import { succeed, type ImageResult } from '../imaging/failure.ts';
import { warpFile, type Outside } from '../imaging/warp.ts';
import { measureWarp } from '../geometry/warp-measure.ts';
import { dropForward } from '../stn/drop-forward.ts';
import type { Raster } from '../stn/raster.ts';
import type { Kernel } from '../stn/sample.ts';
import type { JobContext } from './job.ts';
import { drawSamplingPoints } from './sampling-points.ts';
import type { Quarantined } from './work-through.ts';
import { workOn } from './work-through.ts';

/** One image under one transform of any family. */
export interface WarpPictureRequest {
  readonly path: string;
  readonly family: string;
  readonly theta: readonly number[];
  /** Size of the crop; that of the image where it is left out. */
  readonly size?: Size | undefined;
  readonly alignCorners: boolean;
  readonly allowDamaged: boolean;
  /** Reverse: every pixel of the crop asks the image. Forward: every pixel of the image is dropped on the crop. */
  readonly direction: 'reverse' | 'forward';
  /** For reverse mapping. */
  readonly kernel: Kernel;
  readonly outside: Outside;
  /** For forward mapping. */
  readonly dropping: ForwardOptions;
}

/** The crop and the source with the places drawn on it, as PNG files, and what the transform did. */
export interface WarpPicture {
  readonly picture: Uint8Array;
  readonly points: Uint8Array;
  readonly source: Size;
  readonly crop: Size;
  /** Pixels of the crop on which nothing fell, or more than one; 0 in reverse mapping. */
  readonly holes: number;
  readonly overlaps: number;
  /** Share of the crop that lies outside the image, and image pixels per pixel of the crop. */
  readonly outsideFraction: number;
  readonly effectiveResolution: number;
}

/** Points are thinned to about so many a side. */
const mostPoints = 32;
const longestShown = 1024;

/** Renders an image under a transform, forwards or in reverse, and shows where the crop is read; tells that it is in hand. */
export async function renderWarpPicture(
  request: WarpPictureRequest,
  { hands }: Pick<JobContext, 'hands'>,
): Promise<ImageResult<WarpPicture> | Quarantined> {
  return await workOn(request.path, hands, () => render(request));
}

async function render(request: WarpPictureRequest): Promise<ImageResult<WarpPicture>> {
  const { path, alignCorners, allowDamaged } = request;
  const reading = { allowDamage: allowDamaged };
  const shown = await loadWorkRaster(path, { maxSide: longestShown, ...reading });
  if (!shown.ok) return shown;
  const { info } = shown.value;
  const source = { width: info.width, height: info.height };
  const crop = request.size ?? source;
  const family = warpFamily(request.family);
  const frame = { ...source, canonicalAspect: crop.width / crop.height };
  const map = family.mapOf(request.theta, frame);
  const fromUnit = unitToPixel(source.width, source.height, alignCorners);
  const place = (x: number, y: number): Point => {
    const unit = map(x, y);
    return applyPoint(fromUnit, unit.x, unit.y);
  };
  /* `warpFile` counts canonical points from the edges of the crop; the family may count from its corner pixels. */
  const toPixel = unitToPixel(crop.width, crop.height);
  const toUnit = pixelToUnit(crop.width, crop.height, alignCorners);
  const fromEdges = (x: number, y: number): Point => {
    const pixel = applyPoint(toPixel, x, y);
    const unit = applyPoint(toUnit, pixel.x, pixel.y);
    return place(unit.x, unit.y);
  };
  const { outsideFraction, effectiveResolution } = measureWarp(fromEdges, source, crop);
  const made =
    request.direction === 'reverse'
      ? await warpReverse(request, fromEdges, crop)
      : await warpForward(request, source, crop);
  if (!made.ok) return made;
  const drawn = drawSamplingPoints(shown.value.raster, source, {
    points: latticeOf(crop, alignCorners).map(({ x, y }) => place(x, y)),
    outline: edgeOf().map(({ x, y }) => fromEdges(x, y)),
  });
  const { raster, holes, overlaps } = made.value;
  return succeed({
    picture: await encodeRaster(raster, { format: 'png' }),
    points: await encodeRaster(drawn, { format: 'png' }),
    ...{ source, crop, holes, overlaps, outsideFraction, effectiveResolution },
  });
}

interface Made {
  readonly raster: Raster;
  readonly holes: number;
  readonly overlaps: number;
}

async function warpReverse(
  { path, kernel, outside, alignCorners, allowDamaged }: WarpPictureRequest,
  transform: (x: number, y: number) => Point,
  crop: Size,
): Promise<ImageResult<Made>> {
  const warped = await warpFile(path, transform, { ...crop, kernel, outside, alignCorners, allowDamage: allowDamaged });
  return warped.ok ? succeed({ raster: warped.value.raster, holes: 0, overlaps: 0 }) : warped;
}

async function warpForward(
  { path, family, theta, dropping, alignCorners, allowDamaged }: WarpPictureRequest,
  source: Size,
  crop: Size,
): Promise<ImageResult<Made>> {
  const decoded = await decodeImage(path, { allowDamage: allowDamaged });
  if (!decoded.ok) return decoded;
  const inverse = inverseOf(family, theta, source, crop);
  const raster = decoded.value.raster as Raster<Uint8Array>;
  return succeed(dropForward(raster, dropMap(inverse, source, crop, alignCorners), crop, dropping));
}

function inverseOf(
  family: WarpPictureRequest['family'],
  theta: readonly number[],
  source: Size,
  crop: Size,
): InverseMap {
  try {
    return warpFamily(family).inverseOf(theta, { ...source, canonicalAspect: crop.width / crop.height });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CongealError(
      'usage',
      `The transform ${family} ${theta.join(',')} cannot be turned round, as the forward direction needs: it maps the whole crop to a line or a point. Choose another theta, or the reverse direction.`,
      { cause },
    );
  }
}

/** The centres of the crop's pixels, or of every so many of them. */
function latticeOf({ width, height }: Size, alignCorners: boolean): readonly Point[] {
  const some = (count: number): readonly number[] => {
    const step = Math.ceil(count / mostPoints);
    return [...unitCentres(count, alignCorners)].filter((_, i) => i % step === Math.floor(((count - 1) % step) / 2));
  };
  const columns = some(width);
  return some(height).flatMap((y) => columns.map((x) => ({ x, y })));
}

function edgeOf(): readonly Point[] {
  const side = Array.from({ length: 64 }, (_, i) => i / 32 - 1);
  return [
    ...side.map((t) => ({ x: t, y: -1 })),
    ...side.map((t) => ({ x: 1, y: t })),
    ...side.map((t) => ({ x: -t, y: 1 })),
    ...side.map((t) => ({ x: -1, y: -t })),
  ];
}
