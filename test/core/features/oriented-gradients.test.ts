import { describe, expect, it } from 'vitest';
import { openGradientExtractor } from '../../../core/features/gradient-extractor.ts';
import { gradientLayout } from '../../../core/features/oriented-gradients.ts';
import { fitProjection } from '../../../core/features/pca.ts';
import { filterMatrix, gaussianTaps } from '../../../core/features/smoothing.ts';

const size = 48;
const cells = size / gradientLayout.stride;
const plane = cells * cells;

function picture(value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => value(i % size, Math.floor(i / size)));
}

describe('oriented gradients', () => {
  it('see nothing in a flat picture', async () => {
    const extractor = openGradientExtractor({ threads: 1 });
    const maps = await extractor.describe(
      picture(() => 0.5),
      1,
      size,
    );
    expect(Math.max(...maps)).toBeLessThan(1e-3);
    await extractor.dispose();
  });

  it('tell the sign and the direction of an edge, at its place', async () => {
    const extractor = openGradientExtractor({ threads: 1 });
    const steps = [
      (x: number) => (x < 22 ? 0 : 1),
      (x: number) => (x < 22 ? 1 : 0),
      (_: number, y: number) => (y < 22 ? 0 : 1),
    ];
    const pixels = new Float32Array(3 * size * size);
    steps.forEach((step, n) => pixels.set(picture(step), n * size * size));
    const maps = await extractor.describe(pixels, 3, size);
    /* Bins are 45° apart from +x: brighter to the right, to the left, downwards. Cell 5 holds pixels 20 to 23. */
    const cell = 5 * cells + 5;
    [0, 4, 2].forEach((expected, n) => {
      const bins = Array.from({ length: 8 }, (_, bin) => maps[(n * 8 + bin) * plane + cell]);
      expect(bins.indexOf(Math.max(...bins))).toBe(expected);
    });
    const row = Array.from({ length: cells }, (_, column) => maps[5 * cells + column]);
    expect(row.indexOf(Math.max(...row))).toBe(5);
    await extractor.dispose();
  });

  it('are projected to unit length per cell, the same every time', async () => {
    const extractor = openGradientExtractor({ threads: 1 });
    const pixels = picture((x, y) => 0.5 + 0.3 * Math.sin(x / 3) * Math.cos(y / 5 + x / 9));
    const raw = await extractor.describe(pixels, 1, size);
    const projection = fitProjection(extractor, raw, new Float32Array(plane).fill(1), cells);
    expect(fitProjection(extractor, raw, new Float32Array(plane).fill(1), cells)).toEqual(projection);
    const maps = new Float32Array(projection.components * plane);
    await extractor.project(pixels, 1, size, projection, maps);
    for (const cell of [0, 17, plane - 1]) {
      let square = 0;
      for (let c = 0; c < projection.components; c++) square += maps[c * plane + cell] ** 2;
      expect(square).toBeCloseTo(1, 4);
    }
    await extractor.dispose();
  });
});

describe('filters', () => {
  it('keep the sum of a flat line, borders included', () => {
    const matrix = filterMatrix(gaussianTaps(2, 5), 16, { stride: 4, before: 5, edge: true });
    for (let o = 0; o < 4; o++) {
      let sum = 0;
      for (let i = 0; i < 16; i++) sum += matrix[i * 4 + o];
      expect(sum).toBeCloseTo(1, 6);
    }
  });
});
