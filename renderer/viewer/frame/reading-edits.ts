import { unitToPixel, pixelToUnit } from '../../../core/geometry/frames.ts';
import { linearParts } from '../../../core/geometry/linear-part.ts';
import {
  applyPoint,
  chain,
  determinant,
  invert,
  jacobian,
  multiply,
  rotate,
  scale,
  translate,
  type Matrix3,
} from '../../../core/geometry/matrix.ts';
import { readTransform } from '../../../core/geometry/reading.ts';
import type { Size } from '../../../core/geometry/units.ts';

/** A transform in words, as the engine tells it. */
export interface FrameReading {
  /** Degrees, clockwise as seen. */
  readonly angle: number;
  /** Width of the frame as a share of the shorter side of the original. */
  readonly scale: number;
  /** Pixels from the centre of the original to that of the frame. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Degrees that the corner of the frame is off a right angle. */
  readonly shear: number;
  /** Ratio of the two scales, 1 or more. */
  readonly stretch: number;
}

/** Reads a matrix (canonical frame to pixels of the original) as the engine does. */
export function readFrame(matrix: Matrix3, { width, height }: Size): FrameReading {
  const unit = multiply(pixelToUnit(width, height), matrix);
  const read = readTransform(unit, { width, height, canonicalAspect: 1 });
  return { ...read, scale: (read.scale * height) / Math.min(width, height) };
}

/** The transform whose reading differs in one number; what else is read stays, but that shear and stretch go together. */
export function withReading(matrix: Matrix3, original: Size, name: keyof FrameReading, value: number): Matrix3 {
  const now = readFrame(matrix, original);
  switch (name) {
    case 'angle':
      return aboutCentre(matrix, rotate(((value - now.angle) * Math.PI) / 180));
    case 'scale':
      return aboutCentre(matrix, scale(value / now.scale));
    case 'shiftX':
      return multiply(translate(value - now.shiftX, 0), matrix);
    case 'shiftY':
      return multiply(translate(0, value - now.shiftY), matrix);
    case 'stretch':
      return reshaped(matrix, (symmetric) => stretched(symmetric, value));
    case 'shear':
      return reshaped(matrix, (symmetric) => sheared(symmetric, value));
  }
}

/** The transform that shows the mirror image: what was at the left of the crop comes to its right. */
export function mirrored(matrix: Matrix3): Matrix3 {
  return multiply(matrix, scale(-1, 1));
}

export function isMirrored(matrix: Matrix3): boolean {
  return determinant(matrix) < 0;
}

/** The square in the middle of an original, where nothing was found. */
export function centreFrame({ width, height }: Size): Matrix3 {
  const half = Math.min(width, height) / 2;
  return multiply(unitToPixel(width, height), scale((2 * half) / width, (2 * half) / height));
}

/** A symmetric matrix [[p, q], [q, r]]: how a frame is stretched, its turn taken off. */
interface Symmetric {
  readonly p: number;
  readonly q: number;
  readonly r: number;
}

function aboutCentre(matrix: Matrix3, motion: Matrix3): Matrix3 {
  const { x, y } = applyPoint(matrix, 0, 0);
  return chain(translate(x, y), motion, translate(-x, -y), matrix);
}

/** Changes the symmetric part of the polar decomposition at the centre; turn, size, place and perspective stay. */
function reshaped(matrix: Matrix3, change: (symmetric: Symmetric) => Symmetric): Matrix3 {
  const flip = isMirrored(matrix) ? -1 : 1;
  const [a0, b, c0, d] = jacobian(matrix, 0, 0);
  const [a, c] = [flip * a0, flip * c0];
  const angle = Math.atan2(c - b, a + d);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const symmetric = { p: cos * a + sin * c, q: cos * b + sin * d, r: -sin * b + cos * d };
  const { p, q, r } = change(symmetric);
  const made: Matrix3 = [cos * p - sin * q, cos * q - sin * r, 0, sin * p + cos * q, sin * q + cos * r, 0, 0, 0, 1];
  return aboutCentre(matrix, multiply(made, invert([a, b, 0, c, d, 0, 0, 0, 1])));
}

function stretched({ p, q, r }: Symmetric, ratio: number): Symmetric {
  const { left, large, small } = linearParts(p, q, q, r);
  const size = Math.sqrt(Math.abs(large * small));
  const [high, low] = [size * Math.sqrt(Math.max(1, ratio)), size / Math.sqrt(Math.max(1, ratio))];
  /* Without a stretch there is no direction of it: the frame's own x axis. */
  const along = large / small < 1 + 1e-9 ? 0 : left;
  const [cos, sin] = [Math.cos(along), Math.sin(along)];
  return {
    p: high * cos * cos + low * sin * sin,
    q: (high - low) * cos * sin,
    r: high * sin * sin + low * cos * cos,
  };
}

/** The area and the ratio of p to r stay; q is found by halving, since the angle between the axes falls as it grows. */
function sheared({ p, q, r }: Symmetric, shear: number): Symmetric {
  const area = p * r - q * q;
  const ratio = Math.sqrt(p / r);
  const wanted = Math.sin((shear * Math.PI) / 180);
  let [low, high] = [-1, 1];
  for (let n = 0; n < 60; n++) {
    const t = (low + high) / 2;
    const [x, y] = [ratio, 1 / ratio];
    const found = (t * (x + y)) / Math.sqrt((x * x + t * t) * (t * t + y * y));
    if (found < wanted) low = t;
    else high = t;
  }
  const t = (low + high) / 2;
  const size = Math.sqrt(area / Math.max(1e-9, 1 - t * t));
  return { p: size * ratio, q: size * t, r: size / ratio };
}
