import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expAffine,
  expProjective,
  expSimilarity,
  logAffine,
  logProjective,
  logSimilarity,
} from '../../../core/geometry/lie.ts';
import { exponential, logarithm, rowNorm, squareRoot } from '../../../core/geometry/matrix-functions.ts';
import { multiply, rotate, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { expectClose, real } from './support.ts';

const half = real(-1.2, 1.2);
const element = (length: number): fc.Arbitrary<number[]> =>
  fc.array(half, { minLength: length, maxLength: length }).map((values) => values);

describe('the exponential', () => {
  it('of a quarter turn is the quarter turn', () => {
    expectClose(exponential([0, -Math.PI / 2, 0, Math.PI / 2, 0, 0, 0, 0, 0]), [0, -1, 0, 1, 0, 0, 0, 0, 1], 1e-14);
  });

  it('of a diagonal is the exponential of its entries', () => {
    expectClose(
      exponential([1, 0, 0, 0, -2, 0, 0, 0, 3]),
      [Math.E, 0, 0, 0, Math.exp(-2), 0, 0, 0, Math.exp(3)],
      1e-13,
    );
  });

  it('refuses what is not finite', () => {
    expect(() => exponential([NaN, 0, 0, 0, 0, 0, 0, 0, 0])).toThrow(RangeError);
  });

  it('of a similarity in closed form is the one by scaling and squaring', () => {
    fc.assert(
      fc.property(fc.tuple(real(-3.1, 3.1), half, half, half), ([r, l, x, y]) => {
        expectClose(expSimilarity([r, l, x, y]), exponential([l, -r, x, r, l, y, 0, 0, 0]), 1e-12);
      }),
    );
  });
});

describe('the logarithm', () => {
  it('of a similarity gives its element back, whatever the angle', () => {
    fc.assert(
      fc.property(fc.tuple(real(-3.14, 3.14), half, half, half), (values) => {
        expectClose(logSimilarity(expSimilarity(values)), values, 1e-11);
      }),
    );
  });

  it('of a half turn is half a turn', () => {
    expectClose(logSimilarity([-1, 0, 0, 0, -1, 0, 0, 0, 1]), [Math.PI, 0, 0, 0], 1e-12);
    expectClose(logAffine([-1, 0, 0, 0, -1, 0, 0, 0, 1]), [0, -Math.PI, 0, Math.PI, 0, 0], 1e-12);
    expectClose(expAffine(logAffine([-2, 0, 3, 0, -2, 1, 0, 0, 1])), [-2, 0, 3, 0, -2, 1, 0, 0, 1], 1e-12);
  });

  it('of an affine map gives the map back, also next to half turns', () => {
    fc.assert(
      fc.property(fc.tuple(element(6), real(-3.1415, 3.1415)), ([values, angle]) => {
        const small = expAffine(values.map((value) => value * 1e-4));
        const near = multiply(multiply(rotate(angle), translate(0.3, -0.2)), small);
        if ((near[0] - near[4]) ** 2 / 4 + near[1] * near[3] > 0 && near[0] + near[4] < 0) return;
        expectClose(expAffine(logAffine(near)), near, 1e-7);
      }),
    );
    fc.assert(
      fc.property(element(6), (values) => {
        expectClose(logAffine(expAffine(values)), values, 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('of an affine map agrees with inverse scaling and squaring', () => {
    fc.assert(
      fc.property(element(6), ([a, b, x, c, d, y]) => {
        const map = expAffine([a, b, x, c, d, y]);
        expectClose(logarithm(map), [a, b, x, c, d, y, 0, 0, 0], 1e-8);
      }),
    );
  });

  it('of a projective map gives its element back', () => {
    fc.assert(
      fc.property(element(8), (values) => {
        const small = values.map((value) => value * 0.5);
        expectClose(logProjective(expProjective(small)), small, 1e-8);
      }),
    );
  });

  it('of a map that mirrors, folds or collapses is refused', () => {
    for (const map of [
      [-1, 0, 0, 0, 1, 0, 0, 0, 1],
      [-1, 0, 0, 0, -2, 0, 0, 0, 1],
      [0, 0, 0, 0, 0, 0, 0, 0, 1],
    ] as const) {
      expect(() => logAffine(map)).toThrow(RangeError);
      expect(() => logSimilarity(map)).toThrow(RangeError);
      expect(() => logProjective(map)).toThrow(RangeError);
    }
  });
});

it('the square root squared is the matrix', () => {
  const map: Matrix3 = [2, 1, 0.3, -0.5, 1.5, 0.2, 0.1, 0, 1];
  const root = squareRoot(map);
  expectClose(multiply(root, root), map, 1e-12);
  expect(rowNorm([1, -2, 3, 0, 0, 0, 0, 0, 7])).toBe(7);
});
