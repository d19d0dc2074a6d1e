import { expect, it } from 'vitest';
import { families, toMatrix } from '../../../core/geometry/families.ts';
import { multiply, scale } from '../../../core/geometry/matrix.ts';
import { readTransform, readWarp } from '../../../core/geometry/reading.ts';
import { warpFamily } from '../../../core/geometry/warp-family.ts';

const wide = { width: 400, height: 200 };

it('reads a turned, shrunk and shifted frame on a wide image', () => {
  const turn = families.similarity.matrixOf([Math.PI / 6, Math.log(0.5), 0, 0]);
  const own = [turn[0], turn[1], 0.2, turn[3], turn[4], -0.1, 0, 0, 1] as const;
  const matrix = toMatrix(families.similarity, families.similarity.parametersOf(own), wide);
  const reading = readTransform(matrix, wide);
  expect(reading.angle).toBeCloseTo(30, 10);
  expect(reading.scale).toBeCloseTo(0.5, 10);
  /* 0.2 of half the image's height, in both directions. */
  expect(reading.shiftX).toBeCloseTo(20, 10);
  expect(reading.shiftY).toBeCloseTo(-10, 10);
  expect(reading.shear).toBeCloseTo(0, 10);
  expect(reading.stretch).toBeCloseTo(1, 10);
  expect(reading.mirrored).toBe(false);
});

it('reads shear and stretch', () => {
  const square = { width: 100, height: 100 };
  const reading = readTransform([1, Math.tan(Math.PI / 9), 0, 0, 1, 0, 0, 0, 1], square);
  expect(reading.shear).toBeCloseTo(20, 10);
  expect(readTransform([2, 0, 0, 0, 0.5, 0, 0, 0, 1], square)).toMatchObject({ scale: 1, stretch: 4, angle: 0 });
  expect(readTransform([0, 0, 0, 0, 1, 0, 0, 0, 1], square).stretch).toBe(Infinity);
});

it('reads a mirrored frame as its x axis flipped first', () => {
  const turned = families.rotation.matrixOf([Math.PI / 3]);
  const reading = readTransform(multiply(turned, scale(-1, 1)), { width: 1, height: 1 });
  expect(reading.mirrored).toBe(true);
  expect(reading.angle).toBeCloseTo(60, 10);
  expect(reading.scale).toBeCloseTo(1, 10);
  expect(reading.shear).toBeCloseTo(0, 10);
});

it('reads a projective transform at its centre', () => {
  const reading = readTransform([1, 0, 0.1, 0, 1, 0, 0.2, 0, 1], { width: 100, height: 100 });
  expect(reading.shiftX).toBeCloseTo(5, 10);
  expect(reading.scale).toBeCloseTo(Math.sqrt(1 - 0.02), 10);
});

it('reads warps that bend: their affine part, and how far they bend away from it', () => {
  const family = warpFamily('tps16');
  const straight = readWarp(family.mapOf(family.startAt({ scale: 0.5, x: 0.25, y: 0 }, wide), wide), wide);
  expect(straight.scale).toBeCloseTo(0.5, 10);
  expect([straight.shiftX, straight.bending]).toEqual([expect.closeTo(50, 8), expect.closeTo(0, 8)]);
  /* x becomes x + 0.1 (x² - mean of x²), in half images of 200 pixels; the mean over nine places is 5/12. */
  const basis = warpFamily('basis6');
  const bent = readWarp(basis.mapOf([1, 0, 0, 0.1, 0, 0, 0, 1, 0, 0, 0, 0], wide), wide);
  expect(bent.shiftX).toBeCloseTo((0.1 * 200 * 5) / 12, 8);
  expect(bent.bending).toBeCloseTo((0.1 * 200 * 7) / 12, 8);
});
