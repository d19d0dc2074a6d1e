import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, identity3, rotate, scale, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { sampleInto, sampleRaster, type Kernel, type SampleOptions } from '../../../core/stn/sample.ts';
import type { Padding } from '../../../core/stn/taps.ts';
import type { Raster } from '../../../core/stn/raster.ts';
import { real } from '../geometry/support.ts';

/** The sampler as the formula has it: a sum over every pixel of the endlessly continued image. */
function slowSample(image: Raster, matrix: Matrix3, width: number, height: number, options: SampleOptions): number[] {
  const { kernel = 'bilinear', padding = 'zeros', alignCorners = false } = options;
  const mirror = (i: number, length: number): number => {
    let j = i;
    for (let k = 0; k < 100 && (j < 0 || j >= length); k++) {
      if (length === 1) j = 0;
      else if (j < 0) j = alignCorners ? -j : -1 - j;
      else j = alignCorners ? 2 * length - 2 - j : 2 * length - 1 - j;
    }
    return j;
  };
  const pixel = (c: number, x: number, y: number): number => {
    let [column, row] = [x, y];
    if (padding === 'border') {
      column = Math.min(image.width - 1, Math.max(0, x));
      row = Math.min(image.height - 1, Math.max(0, y));
    } else if (padding === 'reflection') {
      [column, row] = [mirror(x, image.width), mirror(y, image.height)];
    } else if (x < 0 || y < 0 || x >= image.width || y >= image.height) return 0;
    return image.data[(c * image.height + row) * image.width + column];
  };
  const a = -0.75;
  const weights: Record<Kernel, (d: number) => number> = {
    bilinear: (d) => Math.max(0, 1 - Math.abs(d)),
    nearest: (d) => (d >= -0.5 && d < 0.5 ? 1 : 0),
    bicubic: (signed) => {
      const d = Math.abs(signed);
      if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
      return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
    },
  };
  const k = weights[kernel];
  const result: number[] = [];
  for (let c = 0; c < image.channels; c++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const w = matrix[6] * (i + 0.5) + matrix[7] * (j + 0.5) + matrix[8];
        const x = (matrix[0] * (i + 0.5) + matrix[1] * (j + 0.5) + matrix[2]) / w - 0.5;
        const y = (matrix[3] * (i + 0.5) + matrix[4] * (j + 0.5) + matrix[5]) / w - 0.5;
        let sum = 0;
        for (let m = Math.floor(x) - 2; m <= Math.floor(x) + 3; m++) {
          for (let n = Math.floor(y) - 2; n <= Math.floor(y) + 3; n++) sum += pixel(c, m, n) * k(x - m) * k(y - n);
        }
        result.push(sum);
      }
    }
  }
  return result;
}

const random = createRandom(5);
const picture = (width: number, height: number, channels: number): Raster<Float32Array> => ({
  width,
  height,
  channels,
  data: Float32Array.from({ length: width * height * channels }, () => random.uniform()),
});

const warp = fc
  .tuple(real(-3.1, 3.1), real(0.2, 3), real(-4, 9), real(-4, 9))
  .map(([angle, size, x, y]) => chain(translate(x, y), rotate(angle), scale(size, size * 0.8), translate(-2, -1.5)));

describe('sampling', () => {
  const images = [picture(6, 5, 2), picture(1, 4, 1), picture(3, 1, 1)];
  for (const kernel of ['bilinear', 'nearest', 'bicubic'] as const) {
    for (const padding of ['zeros', 'border', 'reflection'] as const satisfies readonly Padding[]) {
      for (const alignCorners of [false, true]) {
        it(`is the sum over all pixels: ${kernel}, ${padding}, alignCorners ${alignCorners}`, () => {
          const options = { kernel, padding, alignCorners };
          fc.assert(
            fc.property(warp, fc.constantFrom(...images), real(-0.02, 0.02), (map, image, bend) => {
              for (const matrix of [map, [...map.slice(0, 6), bend, -bend, 1] as unknown as Matrix3]) {
                const fast = sampleRaster(image, matrix, 4, 3, options).data;
                const slow = slowSample(image, matrix, 4, 3, options);
                for (let i = 0; i < slow.length; i++) expect(Math.abs(fast[i] - slow[i])).toBeLessThan(2e-6);
              }
            }),
            { numRuns: 40 },
          );
        });
      }
    }
  }

  it('takes any map of points, not matrices only', () => {
    const image = picture(5, 4, 3);
    const swirl = sampleRaster(image, (x, y) => ({ x: x + 0.25, y: y - 0.5 }), 5, 4);
    expect(swirl.data).toEqual(sampleRaster(image, translate(0.25, -0.5), 5, 4).data);
  });

  it('writes where it is told to, and nowhere else', () => {
    const image = picture(3, 2, 2);
    const out = new Float32Array(16).fill(-1);
    sampleInto(image, identity3, 3, 2, out, 2);
    expect([...out.subarray(0, 2), ...out.subarray(14)]).toEqual([-1, -1, -1, -1]);
    expect(out.subarray(2, 14)).toEqual(image.data);
    expect(() => sampleInto(image, identity3, 3, 2, out, 5)).toThrow('needs room for 17 numbers');
  });

  it('multiplies by the gain that it is given', () => {
    const bytes = { width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 10, 20, 30) };
    expect(sampleRaster(bytes, identity3, 2, 2, { gain: 1 }).data).toEqual(Float32Array.of(0, 10, 20, 30));
    expect(sampleRaster(bytes, identity3, 2, 2).data[3]).toBeCloseTo(30 / 255, 7);
  });

  it('samples nothing where a coordinate is not a number or far away, whatever the padding', () => {
    const image = picture(3, 3, 1);
    for (const padding of ['zeros', 'border', 'reflection'] as const) {
      for (const bad of [NaN, Infinity, 1e30]) {
        const out = sampleRaster(image, () => ({ x: bad, y: 1 }), 1, 1, { padding });
        expect(out.data[0]).toBe(0);
      }
    }
    const horizon: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 1, -1.5];
    expect(sampleRaster(image, horizon, 3, 3, { padding: 'border' }).data.every(Number.isFinite)).toBe(true);
  });
});
