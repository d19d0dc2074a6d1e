/** What lies outside an image: nothing, its outer pixels repeated, or its mirror image. */
export type Padding = 'zeros' | 'border' | 'reflection';

/** The pixels that one sample is made of. `find` fills `index` and `weight` for a place and returns how many there are. */
export interface Taps {
  readonly index: Int32Array;
  readonly weight: Float64Array;
  /** Place in pixels counted from the centre of the first pixel (index frame). */
  find(x: number, y: number): number;
}

/** Finds the pixel inside a line of the given length that stands for pixel i; -1 for none. */
function resolve(i: number, length: number, padding: Padding, alignCorners: boolean): number {
  if (i >= 0 && i < length) return i;
  if (padding === 'zeros') return -1;
  if (padding === 'border') return i < 0 ? 0 : length - 1;
  if (length === 1) return 0;
  const period = alignCorners ? 2 * length - 2 : 2 * length;
  const j = ((i % period) + period) % period;
  if (j < length) return j;
  return alignCorners ? period - j : period - 1 - j;
}

/** Weights of `size` neighbours along one axis, the first of them at floor(place) - `size / 2` + 1. */
type Weigh = (fraction: number, into: Float64Array) => void;

function separableTaps(size: number, weigh: Weigh, width: number, height: number, pixel: Resolve): Taps {
  const index = new Int32Array(size * size);
  const weight = new Float64Array(size * size);
  const [across, down] = [new Float64Array(size), new Float64Array(size)];
  const before = size / 2 - 1;
  const find = (x: number, y: number): number => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    weigh(x - left, across);
    weigh(y - top, down);
    let count = 0;
    for (let n = 0; n < size; n++) {
      const row = pixel(top - before + n, height);
      if (row < 0 || down[n] === 0) continue;
      for (let m = 0; m < size; m++) {
        const column = pixel(left - before + m, width);
        if (column < 0 || across[m] === 0) continue;
        index[count] = row * width + column;
        weight[count++] = down[n] * across[m];
      }
    }
    return count;
  };
  return { index, weight, find };
}

type Resolve = (i: number, length: number) => number;

/** The pixel whose square holds the place: rounds half up. */
export function nearestTaps(width: number, height: number, padding: Padding, alignCorners: boolean): Taps {
  const index = new Int32Array(1);
  const weight = Float64Array.of(1);
  const find = (x: number, y: number): number => {
    const column = resolve(Math.floor(x + 0.5), width, padding, alignCorners);
    const row = resolve(Math.floor(y + 0.5), height, padding, alignCorners);
    if (column < 0 || row < 0) return 0;
    index[0] = row * width + column;
    return 1;
  };
  return { index, weight, find };
}

/** The four neighbours with weights (1 - |dx|) (1 - |dy|). */
export function bilinearTaps(width: number, height: number, padding: Padding, alignCorners: boolean): Taps {
  const pixel: Resolve = (i, length) => resolve(i, length, padding, alignCorners);
  const weigh: Weigh = (t, into) => {
    into[0] = 1 - t;
    into[1] = t;
  };
  return separableTaps(2, weigh, width, height, pixel);
}

/**
 * The sixteen neighbours with the cubic convolution kernel, a = -0.75 as in ONNX and PyTorch.
 *
 * **Source**: R. Keys, "Cubic convolution interpolation for digital image processing", 1981.
 */
export function bicubicTaps(width: number, height: number, padding: Padding, alignCorners: boolean): Taps {
  const a = -0.75;
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  const pixel: Resolve = (i, length) => resolve(i, length, padding, alignCorners);
  const weigh: Weigh = (t, into) => {
    into[0] = far(1 + t);
    into[1] = near(t);
    into[2] = near(1 - t);
    into[3] = far(2 - t);
  };
  return separableTaps(4, weigh, width, height, pixel);
}
