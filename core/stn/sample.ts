import { keepFromZero } from '../geometry/horizon.ts';
import { isAffine, type Matrix3 } from '../geometry/matrix.ts';
import type { PointMap } from '../geometry/warp-measure.ts';
import { bicubicTaps, bilinearTaps, nearestTaps, type Padding, type Taps } from './taps.ts';
import type { Raster } from './raster.ts';

/** How a value between pixels is made: `nearest` rounds half up, `bicubic` is Keys' kernel with a = -0.75. */
export type Kernel = 'bilinear' | 'nearest' | 'bicubic';

/** How to sample. */
export interface SampleOptions {
  /** Default `bilinear`. */
  readonly kernel?: Kernel;
  /** What lies outside the image; default `zeros`. */
  readonly padding?: Padding;
  /** Where `reflection` reflects: about the outer edges (default) or about the centres of the outer pixels. */
  readonly alignCorners?: boolean;
  /** What values are multiplied by; default 1/255 for 8-bit, 1/65535 for 16-bit and 1 for float images. */
  readonly gain?: number;
}

/** Coordinates beyond this (and those that are not numbers) are nowhere: they sample 0 whatever the padding. */
const farthest = 1e9;

/**
 * Samples an image at every pixel centre of a target of the given size: `[C, H, W]` to `[C, height, width]`, floats
 * 0..1 for integer images.
 *
 * **Convention**: the map takes target pixel points to source pixel points, both in the corner frame, so that the
 * identity matrix copies the image. Samples once per target pixel: for steps above 2 source pixels use `samplePyramid`.
 */
export function sampleRaster(
  raster: Raster,
  map: Matrix3 | PointMap,
  width: number,
  height: number,
  options: SampleOptions = {},
): Raster<Float32Array> {
  const data = new Float32Array(raster.channels * width * height);
  sampleInto(raster, map, width, height, data, 0, options);
  return { width, height, channels: raster.channels, data };
}

/**
 * Does what `sampleRaster` does, writing `raster.channels * width * height` numbers into `out` from `offset` on.
 *
 * **Throws** a RangeError when they do not fit.
 */
export function sampleInto(
  raster: Raster,
  map: Matrix3 | PointMap,
  width: number,
  height: number,
  out: Float32Array,
  offset: number,
  options: SampleOptions = {},
): void {
  const needed = offset + raster.channels * width * height;
  if (offset < 0 || needed > out.length) {
    throw new RangeError(
      `Sampling ${raster.channels} x ${height} x ${width} from offset ${offset} needs room for ${needed} numbers; the array has ${out.length}.`,
    );
  }
  const target = { width, height, out, offset };
  const kernel = options.kernel ?? 'bilinear';
  const gain = options.gain ?? fullScale(raster);
  const roomy = raster.width > 1 && raster.height > 1;
  if (kernel === 'bilinear' && typeof map !== 'function' && isAffine(map) && roomy) {
    sampleAffineBilinear(raster, map, target, options, gain);
  } else {
    sampleAny(raster, typeof map === 'function' ? map : divided(map), target, options, gain);
  }
}

/** What integer pixels are multiplied by to lie in 0..1: 1/255 or 1/65535; 1 for float images. */
function fullScale(raster: Raster): number {
  if (raster.data instanceof Float32Array) return 1;
  return raster.data instanceof Uint16Array ? 1 / 65535 : 1 / 255;
}

interface Target {
  readonly width: number;
  readonly height: number;
  readonly out: Float32Array;
  readonly offset: number;
}

function divided(m: Matrix3): PointMap {
  return (x, y) => {
    const w = keepFromZero(m[6] * x + m[7] * y + m[8]);
    return { x: (m[0] * x + m[1] * y + m[2]) / w, y: (m[3] * x + m[4] * y + m[5]) / w };
  };
}

function tapsFor(raster: Raster, { kernel, padding = 'zeros', alignCorners = false }: SampleOptions): Taps {
  const make = { bilinear: bilinearTaps, nearest: nearestTaps, bicubic: bicubicTaps }[kernel ?? 'bilinear'];
  return make(raster.width, raster.height, padding, alignCorners);
}

/** The path for everything: a few weighted neighbours per pixel, shared by all channels. */
function sampleAny(raster: Raster, map: PointMap, target: Target, options: SampleOptions, gain: number): void {
  const taps = tapsFor(raster, options);
  let to = target.offset;
  for (let j = 0; j < target.height; j++) {
    for (let i = 0; i < target.width; i++) {
      const { x, y } = map(i + 0.5, j + 0.5);
      gather(raster, taps, x - 0.5, y - 0.5, target, to++, gain);
    }
  }
}

/** Writes one target pixel in all channels; x and y count pixel centres. */
function gather(raster: Raster, taps: Taps, x: number, y: number, target: Target, to: number, gain: number): void {
  const { data, channels } = raster;
  const { out } = target;
  const sourcePlane = raster.width * raster.height;
  const targetPlane = target.width * target.height;
  const known = Math.abs(x) < farthest && Math.abs(y) < farthest;
  const count = known ? taps.find(x, y) : 0;
  const { index, weight } = taps;
  for (let c = 0, from = 0; c < channels; c++, from += sourcePlane, to += targetPlane) {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += weight[k] * data[from + index[k]];
    out[to] = sum * gain;
  }
}

/** The fast path: nothing is allocated per pixel, and pixels between four neighbours need no padding rule. */
function sampleAffineBilinear(raster: Raster, m: Matrix3, target: Target, options: SampleOptions, gain: number): void {
  const { data, channels, width: columns, height: rows } = raster;
  const { width, height, out } = target;
  const taps = tapsFor(raster, options);
  const border = options.padding === 'border';
  const [right, bottom] = [columns - 1, rows - 1];
  const sourcePlane = columns * rows;
  const targetPlane = width * height;
  const [stepX, stepY] = [m[0], m[3]];
  let at = target.offset;
  for (let j = 0; j < height; j++) {
    const rowX = m[1] * (j + 0.5) + m[2] - 0.5;
    const rowY = m[4] * (j + 0.5) + m[5] - 0.5;
    for (let i = 0; i < width; i++, at++) {
      let x = stepX * (i + 0.5) + rowX;
      let y = stepY * (i + 0.5) + rowY;
      if (border) {
        x = x < 0 ? 0 : x > right ? right : x;
        y = y < 0 ? 0 : y > bottom ? bottom : y;
      }
      if (!(x >= 0 && y >= 0 && x <= right && y <= bottom)) {
        gather(raster, taps, x, y, target, at, gain);
        continue;
      }
      const left = x < right ? x | 0 : right - 1;
      const top = y < bottom ? y | 0 : bottom - 1;
      const u = x - left;
      const v = y - top;
      const se = u * v * gain;
      const ne = u * gain - se;
      const sw = v * gain - se;
      const nw = gain - ne - sw - se;
      let from = top * columns + left;
      let to = at;
      for (let c = 0; c < channels; c++) {
        out[to] = nw * data[from] + ne * data[from + 1] + sw * data[from + columns] + se * data[from + columns + 1];
        from += sourcePlane;
        to += targetPlane;
      }
    }
  }
}
