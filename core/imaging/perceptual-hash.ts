import type { Interleaved } from './planar.ts';

/** Side of the grey picture that a hash is worked out from, and of the block of low frequencies that it keeps. */
const side = 32;
const kept = 8;

/** Grey pictures whose low frequencies are weaker than this (of 0..255) have nothing to be compared by. */
const leastDetail = 0.5;

const cosines = Float64Array.from({ length: kept * side }, (_, i) =>
  Math.cos(((2 * (i % side) + 1) * Math.floor(i / side) * Math.PI) / (2 * side)),
);

/**
 * A hash that hardly changes when an image is scaled, compressed again or made a little lighter: 16 hexadecimal digits, of
 * whose 64 bits nearly the same images differ in a few and others in about 32. Null for images without any structure.
 *
 * Bit k says whether the k-th of the 8 x 8 lowest frequencies of a 32 x 32 grey picture is above their median.
 * **Convention**: the pixels are in the oriented frame or all in the same one; a turned image has another hash.
 * **Source**: C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010 (DCT hash).
 */
export function perceptualHash(pixels: Interleaved): string | null {
  const frequencies = lowFrequencies(toGrey(pixels));
  if (!frequencies.some((value, i) => i > 0 && Math.abs(value) > leastDetail)) return null;
  const sorted = frequencies.slice(1).sort();
  const median = sorted[sorted.length >> 1];
  let bits = 0n;
  frequencies.forEach((value, i) => {
    if (value > median && i > 0) bits |= 1n << BigInt(i);
  });
  return bits.toString(16).padStart(16, '0');
}

/** How many of the 64 bits of two hashes differ. */
export function hashDistance(a: string, b: string): number {
  return (
    countBits(parseInt(a.slice(0, 8), 16) ^ parseInt(b.slice(0, 8), 16)) +
    countBits(parseInt(a.slice(8), 16) ^ parseInt(b.slice(8), 16))
  );
}

/** How many bits of a 32-bit number are set. */
export function countBits(number: number): number {
  let n = number - ((number >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Means of the luminance over 32 x 32 cells, in 0..255; where there are fewer pixels than cells they are repeated. */
function toGrey({ width, height, channels, data }: Interleaved): Float64Array {
  const grey = new Float64Array(side * side);
  const step = channels < 3 ? 0 : 1;
  for (let row = 0; row < side; row++) {
    const [top, bottom] = cell(row, height);
    for (let column = 0; column < side; column++) {
      const [left, right] = cell(column, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left, at = (y * width + left) * channels; x < right; x++, at += channels)
          sum += 0.299 * data[at] + 0.587 * data[at + step] + 0.114 * data[at + 2 * step];
      }
      grey[row * side + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return grey;
}

function cell(index: number, length: number): readonly [number, number] {
  const from = Math.min(length - 1, Math.floor((index * length) / side));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * length) / side))];
}

/** The 8 x 8 lowest frequencies of the discrete cosine transform, as amplitudes in grey levels. */
function lowFrequencies(grey: Float64Array): Float64Array {
  const rows = new Float64Array(side * kept);
  for (let y = 0; y < side; y++)
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += grey[y * side + x] * cosines[u * side + x];
      rows[y * kept + u] = (2 * sum) / side;
    }
  const out = new Float64Array(kept * kept);
  for (let v = 0; v < kept; v++)
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += rows[y * kept + u] * cosines[v * side + y];
      out[v * kept + u] = (2 * sum) / side;
    }
  return out;
}
