import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetToSourcePixels } from '../../../core/geometry/frames.ts';
import { identity3, scale, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { buildPyramid, levelForScale, levelMatrix, samplePyramid, samplingStep } from '../../../core/stn/pyramid.ts';
import { sampleRaster } from '../../../core/stn/sample.ts';
import { real } from '../geometry/support.ts';

const ramp = (width: number, height: number): { width: number; height: number; channels: 1; data: Float32Array } => ({
  width,
  height,
  channels: 1,
  data: Float32Array.from(
    { length: width * height },
    (_, i) => (i % width) + 0.5 + 100 * (Math.floor(i / width) + 0.5),
  ),
});

describe('a pyramid', () => {
  it('holds 2 x 2 means where sizes are even', () => {
    const data = Uint8Array.of(0, 2, 10, 20, 4, 6, 30, 41);
    const levels = buildPyramid({ width: 4, height: 2, channels: 1, data });
    expect(levels.map((level) => [level.width, level.height])).toEqual([
      [4, 2],
      [2, 1],
      [1, 1],
    ]);
    expect(levels[1].data).toEqual(Uint8Array.of(3, 25));
    expect(levels[2].data).toEqual(Uint8Array.of(14));
  });

  it('splits pixels where sizes are odd, so that every level covers the same picture', () => {
    const levels = buildPyramid({ width: 3, height: 1, channels: 1, data: Float32Array.of(3, 6, 12) });
    /* Two cells of 1.5 pixels: (3 + 6 / 2) / 1.5 and (6 / 2 + 12) / 1.5. */
    expect(levels[1].data).toEqual(Float32Array.of(4, 10));
    expect(levels[2].data).toEqual(Float32Array.of(7));
  });

  it('keeps the place of everything: a ramp of coordinates stays one at every level', () => {
    for (const [width, height] of [
      [64, 32],
      [37, 21],
      [5, 1],
    ] as const) {
      const levels = buildPyramid(ramp(width, height));
      for (const level of levels) {
        for (let y = 0; y < level.height; y++) {
          for (let x = 0; x < level.width; x++) {
            const expected = ((x + 0.5) * width) / level.width + (100 * (y + 0.5) * height) / level.height;
            const found = level.data[y * level.width + x];
            /* Split pixels pull the centre of mass of a cell by up to an eighth of the cell. */
            const even = width % level.width === 0 && height % level.height === 0;
            const slack = even ? 1e-3 : (width / level.width + (100 * height) / level.height) / 8;
            expect(Math.abs(found - expected)).toBeLessThan(slack);
          }
        }
      }
    }
  });

  it('keeps the mean of the image', () => {
    const image = ramp(37, 21);
    const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    for (const level of buildPyramid(image))
      expect(Math.abs(mean(level.data) / mean(image.data) - 1)).toBeLessThan(1e-5);
  });
});

describe('the sampling step', () => {
  it('is the longest distance between neighbouring samples', () => {
    expect(samplingStep(scale(3, 0.5), 10, 10)).toBe(3);
    expect(samplingStep([1, 0, 0, 0, 1, 0, 0, 0, 1], 10, 10)).toBe(1);
  });

  it('of a projective map is that of its farthest corner, and endless across the horizon', () => {
    const map: Matrix3 = [1, 0, 0, 0, 1, 0, -0.05, 0, 1];
    /* dX/dx = 1 / (1 - 0.05 x)^2 at x = 10. */
    expect(samplingStep(map, 10, 1)).toBeCloseTo(4, 1);
    expect(samplingStep([1, 0, 0, 0, 1, 0, -0.2, 0, 1], 10, 10)).toBe(Infinity);
  });

  it('lies between 1 and 2 at the chosen level, or below at level 0', () => {
    const pyramid = buildPyramid(ramp(203, 155));
    fc.assert(
      fc.property(real(0.1, 40), real(0.3, 1), real(-0.5, 0.5), (size, flat, shear) => {
        const map: Matrix3 = [size, shear * size, 3, 0, flat * size, -2, 0, 0, 1];
        const level = levelForScale(pyramid, map, 8, 8);
        const step = samplingStep(levelMatrix(pyramid, level, map), 8, 8);
        expect(step).toBeLessThanOrEqual(2);
        if (level > 0) expect(step).toBeGreaterThan(0.99);
      }),
    );
    expect(levelForScale(pyramid, [1, 0, 0, 0, 1, 0, -0.2, 0, 1], 10, 10)).toBe(pyramid.length - 1);
  });

  it('without a pyramid makes a checkerboard alias, with one gives its mean', () => {
    const data = Float32Array.from({ length: 64 * 64 }, (_, i) => ((i % 64) + Math.floor(i / 64)) % 2);
    const board = { width: 64, height: 64, channels: 1, data };
    const map = targetToSourcePixels(identity3, board, { width: 9, height: 9 });
    const spread = (values: Float32Array): number => Math.max(...values) - Math.min(...values);
    expect(spread(sampleRaster(board, map, 9, 9).data)).toBeGreaterThan(0.7);
    const smooth = samplePyramid(buildPyramid(board), map, 9, 9);
    expect(spread(smooth.data)).toBeLessThan(1e-6);
    expect(smooth.data[0]).toBeCloseTo(0.5, 6);
  });
});
