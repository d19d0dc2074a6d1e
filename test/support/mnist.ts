import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Random } from '../../core/geometry/random.ts';
import type { WorkImage } from '../../core/features/work-image.ts';
import type { Box } from '../../core/geometry/boxes.ts';
import { shared } from './shared.ts';

/** Handwritten digits: `count` images of `size * size` bytes, and their classes. */
export interface Digits {
  readonly size: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** A drawn set: the images as a learner gets them and the true frame of the digit in each. */
export interface DigitSet {
  readonly images: readonly WorkImage[];
  readonly truth: readonly Box[];
}

/** What a digit set should look like. */
export interface DigitSetOptions {
  readonly digit: number;
  readonly count: number;
  /** How many 6 x 6 crops of other digits are scattered over each image. */
  readonly clutter: number;
  /** Range of the digit's scale, drawn log-uniformly; none for 28-pixel frames throughout. */
  readonly scale?: readonly [number, number];
  readonly side?: number;
}

const clutterSide = 6;

function readIdx(path: string): { shape: number[]; data: Uint8Array } {
  const bytes = gunzipSync(readFileSync(path));
  const rank = bytes[3];
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  return { shape, data: new Uint8Array(bytes.subarray(4 + 4 * rank)) };
}

/** Reads one of the shared sets of handwritten digits. */
export function readDigits(part: 'train10k' | 't5k'): Digits {
  const images = readIdx(shared(`data/mnist/${part}-images-idx3-ubyte.gz`));
  const labels = readIdx(shared(`data/mnist/${part}-labels-idx1-ubyte.gz`));
  return { size: images.shape[1], pixels: images.data, labels: labels.data };
}

/**
 * Draws a set: one digit of the class at a random place of each image, other digits' crops as clutter, by maximum.
 *
 * **Source** the co-localisation experiment of Jaderberg et al. 2015, section 4.4.
 */
export function drawDigitSet(digits: Digits, options: DigitSetOptions, random: Random): DigitSet {
  const side = options.side ?? 84;
  const members: number[] = [];
  digits.labels.forEach((label, index) => {
    if (label === options.digit) members.push(index);
  });
  const chosen = random.shuffle(members).slice(0, options.count);
  const truth: Box[] = [];
  const images = chosen.map((index, place): WorkImage => {
    const canvas = new Uint8Array(side * side);
    for (let i = 0; i < options.clutter; i++) scatterCrop(canvas, side, digits, random);
    truth.push(drawDigit(canvas, side, digits, index, options.scale, random));
    const data = new Uint8Array(3 * side * side);
    for (let channel = 0; channel < 3; channel++) data.set(canvas, channel * side * side);
    const id = `${options.digit}-${String(place).padStart(3, '0')}.png`;
    return { id, width: side, height: side, raster: { width: side, height: side, channels: 3, data } };
  });
  return { images, truth };
}

function scatterCrop(canvas: Uint8Array, side: number, digits: Digits, random: Random): void {
  const { size, pixels, labels } = digits;
  const start = random.integer(labels.length) * size * size;
  const [sx, sy] = [random.integer(size - clutterSide + 1), random.integer(size - clutterSide + 1)];
  const [tx, ty] = [random.integer(side - clutterSide + 1), random.integer(side - clutterSide + 1)];
  for (let y = 0; y < clutterSide; y++)
    for (let x = 0; x < clutterSide; x++) {
      const target = (ty + y) * side + tx + x;
      canvas[target] = Math.max(canvas[target], pixels[start + (sy + y) * size + sx + x]);
    }
}

function drawDigit(
  canvas: Uint8Array,
  side: number,
  digits: Digits,
  index: number,
  range: readonly [number, number] | undefined,
  random: Random,
): Box {
  const { size, pixels } = digits;
  const scale = range ? Math.exp(random.uniform(Math.log(range[0]), Math.log(range[1]))) : 1;
  const frame = size * scale;
  const [left, top] = range
    ? [random.uniform(0, side - frame), random.uniform(0, side - frame)]
    : [random.integer(side - size + 1), random.integer(side - size + 1)];
  const source = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : pixels[(index * size + y) * size + x];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const u = (x + 0.5 - left) / scale - 0.5;
      const v = (y + 0.5 - top) / scale - 0.5;
      if (u <= -1 || v <= -1 || u >= size || v >= size) continue;
      const [i, j] = [Math.floor(u), Math.floor(v)];
      const [a, b] = [u - i, v - j];
      const upper = source(i, j) * (1 - a) + source(i + 1, j) * a;
      const lower = source(i, j + 1) * (1 - a) + source(i + 1, j + 1) * a;
      const value = Math.round(upper * (1 - b) + lower * b);
      canvas[y * side + x] = Math.max(canvas[y * side + x], value);
    }
  return { xmin: left, ymin: top, xmax: left + frame, ymax: top + frame };
}
