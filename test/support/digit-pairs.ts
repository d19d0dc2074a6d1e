import type { WorkImage } from '../../core/features/work-image.ts';
import { chain, invert, multiply, type Matrix3 } from '../../core/geometry/matrix.ts';
import type { Random } from '../../core/geometry/random.ts';
import { singularValues } from '../../core/geometry/matrix.ts';
import type { Digits } from './mnist.ts';

/** A digit drawn under a known distortion. */
export interface DistortedDigit {
  readonly image: WorkImage;
  /** Which digit it shows; the two distortions of a digit share it. */
  readonly source: number;
  /** Pixels of the original digit to pixels of the image. */
  readonly distortion: Matrix3;
}

/** Side in pixels of the black canvas, and how much larger than in the original a digit is drawn on it. */
const canvas = 80;
const enlargement = 1.6;

/**
 * Draws each of `count` digits of a class twice, each time turned by up to ±90°, scaled 0.75-1.33, sheared by up to ±0.2
 * and shifted by up to ±8 pixels, on a larger black canvas.
 */
export function drawDigitPairs(digits: Digits, label: number, count: number, random: Random): DistortedDigit[] {
  const members: number[] = [];
  digits.labels.forEach((found, index) => {
    if (found === label) members.push(index);
  });
  return random
    .shuffle(members)
    .slice(0, count)
    .flatMap((index, source) =>
      [0, 1].map((copy): DistortedDigit => {
        const distortion = drawDistortion(digits.size, random);
        const data = drawDigit(digits, index, distortion);
        const raster = { width: canvas, height: canvas, channels: 3, data };
        return {
          image: { id: `${label}-${source}-${copy}.png`, width: canvas, height: canvas, raster },
          source,
          distortion,
        };
      }),
    );
}

function drawDistortion(size: number, random: Random): Matrix3 {
  const angle = random.uniform(-Math.PI / 2, Math.PI / 2);
  const scale = enlargement * Math.exp(random.uniform(-0.285, 0.285));
  const shear = random.uniform(-0.2, 0.2);
  const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  return chain(
    [1, 0, canvas / 2 + random.uniform(-8, 8), 0, 1, canvas / 2 + random.uniform(-8, 8), 0, 0, 1],
    [c, -s, 0, s, c, 0, 0, 0, 1],
    [1, shear, 0, 0, 1, 0, 0, 0, 1],
    [1, 0, -size / 2, 0, 1, -size / 2, 0, 0, 1],
  );
}

function drawDigit({ size, pixels }: Digits, index: number, distortion: Matrix3): Uint8Array {
  const back = invert(distortion);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : pixels[(index * size + y) * size + x];
  const plane = canvas * canvas;
  const data = new Uint8Array(3 * plane);
  for (let row = 0; row < canvas; row++)
    for (let column = 0; column < canvas; column++) {
      const x = back[0] * (column + 0.5) + back[1] * (row + 0.5) + back[2] - 0.5;
      const y = back[3] * (column + 0.5) + back[4] * (row + 0.5) + back[5] - 0.5;
      const [i, j] = [Math.floor(x), Math.floor(y)];
      const [a, b] = [x - i, y - j];
      const upper = at(i, j) * (1 - a) + at(i + 1, j) * a;
      const lower = at(i, j + 1) * (1 - a) + at(i + 1, j + 1) * a;
      const value = Math.round(upper * (1 - b) + lower * b);
      for (let channel = 0; channel < 3; channel++) data[channel * plane + row * canvas + column] = value;
    }
  return data;
}

/** How far apart two distortions of one digit ended: rotation in degrees, log of the scale, log of the anisotropy. */
export interface PairError {
  readonly degrees: number;
  readonly logScale: number;
  readonly logAnisotropy: number;
}

/** Compares two distortions of one digit through their warps, canonical frame to pixels. */
export function pairError(
  a: { readonly distortion: Matrix3; readonly toPixels: Matrix3 },
  b: { readonly distortion: Matrix3; readonly toPixels: Matrix3 },
): PairError {
  const first = multiply(invert(a.toPixels), a.distortion);
  const second = multiply(invert(b.toPixels), b.distortion);
  const m = multiply(first, invert(second));
  const [long, short] = singularValues(m[0], m[1], m[3], m[4]);
  return {
    degrees: Math.abs((Math.atan2(m[3] - m[1], m[0] + m[4]) * 180) / Math.PI),
    logScale: Math.abs(Math.log(Math.sqrt(long * short))),
    logAnisotropy: Math.log(long / short),
  };
}
