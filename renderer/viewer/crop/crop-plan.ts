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
import type { Point, Size } from '../../../core/geometry/units.ts';
import type { CanonicalToPixel } from '../../../core/geometry/warp-measure.ts';
import type { CropSource } from '../../../core/geometry/warp-source.ts';
import { sourceOfCrop } from '../../../core/geometry/warp-source.ts';
import { boxOfPoints, type Box } from '../../../core/geometry/boxes.ts';
import type { Outside } from './crop-pose.ts';

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

/** Canonical points to pixel points of the whole original at a part's scale. */
export function toWhole(matrix: Matrix3, { whole }: HeldPart, original: Size): Matrix3 {
  return multiply(scale(whole.width / original.width, whole.height / original.height), matrix);
}

/** Pixels of a part between neighbouring pixels of the crop in its middle, where that is longest. */
export function stepOf(wholeMatrix: Matrix3, crop: Size): number {
  const [a, b, c, d] = jacobian(wholeMatrix, 0, 0);
  const [x, y] = [2 / crop.width, 2 / crop.height];
  return singularValues(a * x, b * y, c * x, d * y)[0];
}

/** The level of halved copies at which a step is between one and two pixels, as in the core's pyramid. */
export function levelForStep(step: number, levels: number): number {
  return Math.min(levels - 1, Math.max(0, Math.ceil(Math.log2(Math.max(1e-9, step / 2)))));
}

/** Where the pixels of a level of a part lie, for the shader. */
interface LevelPlace {
  /** Size of the whole original at that level. */
  readonly whole: Size;
  /** The pixel of it at which the part begins. */
  readonly corner: Point;
  /** A pixel in the middle of the crop, from which places are counted: near zero numbers are finest. */
  readonly anchor: Point;
  /** Canonical points to pixel points of the level, counted from the anchor. */
  readonly toAnchor: Matrix3;
}

/**
 * Places a level of a part. At level 0 only `corner` depends on which part it is: the same pose is drawn in the same way
 * from every part that holds its pixels.
 */
export function placeLevel({ whole, area }: HeldPart, level: number, wholeMatrix: Matrix3): LevelPlace {
  const length = (full: number) => Math.max(1, full >> level);
  const [x, y] = [length(area.width) / area.width, length(area.height) / area.height];
  const size = { width: Math.round(whole.width * x), height: Math.round(whole.height * y) };
  const corner = { x: Math.round(area.left * x), y: Math.round(area.top * y) };
  const middle = applyPoint(wholeMatrix, 0, 0);
  /* A crop of a plane that runs away may have its middle nowhere. */
  const pixelNear = (at: number, most: number) => Math.round(Math.min(most, Math.max(0, at))) || 0;
  const anchor = { x: pixelNear(middle.x * x, size.width), y: pixelNear(middle.y * y, size.height) };
  /* The halved copies begin at the part's own corner, which is hardly ever one of theirs. */
  const shift = translate(corner.x - area.left * x - anchor.x, corner.y - area.top * y - anchor.y);
  return { whole: size, corner, anchor, toAnchor: chain(shift, scale(x, y), wholeMatrix) };
}

/** Whether a crop stays within a part. */
export function isCovered(wholeMatrix: Matrix3, { area, whole }: HeldPart): boolean {
  const inside = frameIn(wholeMatrix);
  const within = (at: number, length: number) => Math.min(length, Math.max(0, at));
  return (
    within(inside.xmin, whole.width) >= area.left - 1 &&
    within(inside.ymin, whole.height) >= area.top - 1 &&
    within(inside.xmax, whole.width) <= area.left + area.width + 1 &&
    within(inside.ymax, whole.height) <= area.top + area.height + 1
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
