import type { Matrix3 } from '../../../core/geometry/matrix.ts';
import {
  applyPoint,
  chain,
  jacobian,
  multiply,
  scale,
  singularValues,
  translate,
} from '../../../core/geometry/matrix.ts';
import type { Size } from '../../../core/geometry/units.ts';
import type { CanonicalToPixel } from '../../../core/geometry/warp-measure.ts';
import type { CropSource, Edge } from '../../../core/geometry/warp-source.ts';
import { sourceOfCrop } from '../../../core/geometry/warp-source.ts';
import { boxOfPoints, type Box } from '../../../core/geometry/boxes.ts';

/** What lies beyond the edge of an original in a crop. */
export type Outside = Edge | 'transparent';

/** A part of an original at some size, as it lies in a texture. */
export interface HeldPart {
  /** Size of the whole original at the part's scale. */
  readonly whole: Size;
  /** Where the part lies in it. */
  readonly area: Size & { readonly left: number; readonly top: number };
}

/** A part of an original that must be had so that a crop equals the core's. */
export interface WantedPart extends HeldPart {
  /** Canonical frame to pixels of the original for a crop that is exactly this part. */
  readonly matrix: Matrix3;
}

/** Largest side of a picture that the engine renders at once. */
const largestSide = 2048;

/** The part around what is needed is had as well, as a share of it: handles are dragged to and fro. */
const spare = 0.25;

/** What the core samples for a crop. */
export function planCrop(map: CanonicalToPixel, original: Size, crop: Size, outside: Outside): CropSource {
  return sourceOfCrop(map, original, crop, outside === 'transparent' ? 'zeros' : outside);
}

/** The part to ask for; undefined where it is too large for one picture. */
export function wantedPart({ width, height, area }: CropSource, original: Size): WantedPart | undefined {
  if (area.width > largestSide || area.height > largestSide) return undefined;
  const [left, right] = widened(area.left, area.width, width);
  const [top, bottom] = widened(area.top, area.height, height);
  const part = { left, top, width: right - left, height: bottom - top };
  return { whole: { width, height }, area: part, matrix: partToOriginal(part, { width, height }, original) };
}

/** True where a part holds exactly what the core samples. */
export function isExact({ whole, area }: HeldPart, plan: CropSource): boolean {
  const inner = plan.area;
  return (
    whole.width === plan.width &&
    whole.height === plan.height &&
    inner.left >= area.left &&
    inner.top >= area.top &&
    inner.left + inner.width <= area.left + area.width &&
    inner.top + inner.height <= area.top + area.height
  );
}

/** Canonical points to pixel points of a part. */
export function toPart(matrix: Matrix3, { whole, area }: HeldPart, original: Size): Matrix3 {
  return chain(
    translate(-area.left, -area.top),
    scale(whole.width / original.width, whole.height / original.height),
    matrix,
  );
}

/** Pixels of a part between neighbouring pixels of the crop in its middle, where that is longest. */
export function stepOf(partMatrix: Matrix3, crop: Size): number {
  const [a, b, c, d] = jacobian(partMatrix, 0, 0);
  const [x, y] = [2 / crop.width, 2 / crop.height];
  return singularValues(a * x, b * y, c * x, d * y)[0];
}

/** The level of halved copies at which a step is between one and two pixels, as in the core's pyramid. */
export function levelForStep(step: number, levels: number): number {
  return Math.min(levels - 1, Math.max(0, Math.ceil(Math.log2(Math.max(1e-9, step / 2)))));
}

/** Whether a crop stays within a part. */
export function isCovered(partMatrix: Matrix3, { area, whole }: HeldPart): boolean {
  const inside = frameIn(partMatrix);
  const far = (at: number, from: number, length: number) => Math.min(length - from, Math.max(-from, at));
  return (
    far(inside.xmin, area.left, whole.width) >= -1 &&
    far(inside.ymin, area.top, whole.height) >= -1 &&
    far(inside.xmax, area.left, whole.width) <= area.width + 1 &&
    far(inside.ymax, area.top, whole.height) <= area.height + 1
  );
}

function frameIn(matrix: Matrix3): Box {
  return boxOfPoints([-1, 1].flatMap((y) => [-1, 1].map((x) => applyPoint(matrix, x, y))));
}

function widened(from: number, length: number, whole: number): readonly [number, number] {
  const room = Math.max(0, Math.min(Math.ceil(length * spare), Math.floor((largestSide - length) / 2)));
  const least = 8;
  const [low, high] = [Math.max(0, from - room), Math.min(whole, from + length + room)];
  /* The engine renders no picture with fewer pixels; a smaller original is had as a whole, enlarged to no use. */
  return high - low >= least ? [low, high] : [Math.max(0, Math.min(low, whole - least)), Math.min(whole, low + least)];
}

function partToOriginal({ left, top, width, height }: HeldPart['area'], whole: Size, original: Size): Matrix3 {
  const half: Matrix3 = [width / 2, 0, left + width / 2, 0, height / 2, top + height / 2, 0, 0, 1];
  return multiply(scale(original.width / whole.width, original.height / whole.height), half);
}
