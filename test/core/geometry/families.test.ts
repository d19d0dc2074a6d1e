import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  composeParameters,
  families,
  fromMatrix,
  invertParameters,
  meanParameters,
  toMatrix,
} from '../../../core/geometry/families.ts';
import type { Family } from '../../../core/geometry/family.ts';
import { applyPoint, chain, multiply, rotate, scale, translate } from '../../../core/geometry/matrix.ts';
import { singularValues, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { karcherMean, meanAngle } from '../../../core/geometry/means.ts';
import { expSimilarity, logSimilarity } from '../../../core/geometry/lie.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { expectClose, real } from './support.ts';

const wide = { width: 300, height: 200 };

/** Frames of different shape, and how far x reaches in their crop where circles are round. */
const frames = [
  { aspect: '1:1', frame: { width: 200, height: 200 }, x: 1 },
  { aspect: '3:2', frame: wide, x: 1.5 },
  { aspect: '2:3', frame: { width: 200, height: 300 }, x: 2 / 3 },
  { aspect: '7:1', frame: { width: 700, height: 100 }, x: 7 },
  { aspect: '3:2 of a square image', frame: { width: 9, height: 9, canonicalAspect: 1.5 }, x: 1.5 },
];

/** Transforms of each family as they occur: moderate, with an inverse. */
const members: Record<Family['name'], fc.Arbitrary<readonly number[]>> = {
  translation: fc.tuple(real(-1, 1), real(-1, 1)),
  attention: fc.tuple(real(0.3, 2), real(-1, 1), real(-1, 1)),
  rotation: fc.tuple(real(-1.5, 1.5)),
  similarity: fc.tuple(real(-1.5, 1.5), real(-0.5, 0.5), real(-1, 1), real(-1, 1)),
  affine: fc.tuple(real(0.6, 1.4), real(-0.3, 0.3), real(-1, 1), real(-0.3, 0.3), real(0.6, 1.4), real(-1, 1)),
  projective: fc.tuple(
    ...[real(0.6, 1.4), real(-0.3, 0.3), real(-0.5, 0.5), real(-0.3, 0.3), real(0.6, 1.4), real(-0.5, 0.5)],
    ...[real(-0.2, 0.2), real(-0.2, 0.2)],
  ),
  'affine-lie': fc.tuple(
    ...[real(-0.8, 0.8), real(-0.4, 0.4), real(-0.3, 0.3), real(-0.3, 0.3), real(-1, 1), real(-1, 1)],
  ),
  'projective-lie': fc.tuple(
    ...[real(-0.5, 0.5), real(-0.3, 0.3), real(-0.2, 0.2), real(-0.2, 0.2), real(-0.4, 0.4), real(-0.4, 0.4)],
    ...[real(-0.2, 0.2), real(-0.2, 0.2)],
  ),
};

for (const family of Object.values(families)) {
  const member = members[family.name];
  describe(`the ${family.name} family`, () => {
    it('names every parameter and has an identity inside its bounds', () => {
      expect(family.identity).toHaveLength(family.parameters.length);
      expectClose(family.bound(family.identity, wide), family.identity, 0);
      expectClose(toMatrix(family, family.identity, wide), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-15);
    });

    it('goes to a unit matrix and back, between frames of different shape', () => {
      fc.assert(
        fc.property(member, (parameters) => {
          const frame = { ...wide, canonicalAspect: 1 };
          expectClose(fromMatrix(family, toMatrix(family, parameters, frame), frame), parameters, 1e-11);
        }),
      );
    });

    it('composes as its matrices do, and inverts', () => {
      fc.assert(
        fc.property(member, member, (a, b) => {
          const both = toMatrix(family, composeParameters(family, a, b), wide);
          const product = multiply(toMatrix(family, a, wide), toMatrix(family, b, wide));
          const p = applyPoint(both, 0.3, -0.4);
          const q = applyPoint(product, 0.3, -0.4);
          expectClose([p.x, p.y], [q.x, q.y], 1e-10);
          expectClose(composeParameters(family, a, invertParameters(family, a)), family.identity, 1e-9);
        }),
      );
    });

    it('has a mean that is one of equals, and moves with its members', () => {
      fc.assert(
        fc.property(member, member, member, (a, b, g) => {
          const near = [a, b].map((x) => x.map((value, i) => family.identity[i] + (value - family.identity[i]) * 0.4));
          expectClose(meanParameters(family, [near[0], near[0]]), near[0], 1e-9);
          const mean = meanParameters(family, near);
          expectClose(meanParameters(family, [near[1], near[0]]), mean, 1e-9);
          const moved = near.map((x) => composeParameters(family, g, x));
          expectClose(meanParameters(family, moved), composeParameters(family, g, mean), 1e-7);
        }),
      );
    });

    it.each(frames)('is bounded away from collapse in a crop of $aspect', ({ frame, x: far }) => {
      const reach = fc.constantFrom(1, 50);
      const wild = fc.array(real(-1, 1), { minLength: family.identity.length, maxLength: family.identity.length });
      fc.assert(
        fc.property(wild, reach, (directions, amount) => {
          const parameters = directions.map((value) => amount * value);
          const bounded = family.bound(parameters, frame);
          const m = family.matrixOf(bounded);
          const side = family.frame === 'aspect' ? far : 1;
          const [large, least] = singularValues(m[0], m[1], m[3], m[4]);
          expect(least).toBeGreaterThan(0.04);
          expect(large).toBeLessThan(9);
          for (const [x, y] of [
            [-side, -1],
            [side, -1],
            [-side, 1],
            [side, 1],
          ]) {
            expect(m[6] * x + m[7] * y + m[8]).toBeGreaterThan(0.09);
          }
          expectClose(family.bound(bounded, frame), bounded, 1e-12);
        }),
      );
    });
  });
}

describe('maps that send the centre of the crop to infinity', () => {
  const halfBent = [1, 0, 0, 0, 1, 0, -0.5, 0];
  const shifted = [1, 0, 2, 0, 1, 0, 0, 0];
  const turned = [0, 0, 1, 0, 1, 0, 1, 0];

  it('are refused by the projective family instead of being divided by 0', () => {
    expect(() => composeParameters(families.projective, halfBent, shifted)).toThrow(/last entry, which is 0 beside/);
    expect(() => composeParameters(families.projective, halfBent, shifted)).toThrow(RangeError);
    expect(() => invertParameters(families.projective, turned)).toThrow(/centre of the crop to infinity/);
    const almost = [1, 0, 2 - 1e-12, 0, 1, 0, 0, 0];
    expect(() => composeParameters(families.projective, halfBent, almost)).toThrow(RangeError);
    const near = composeParameters(families.projective, halfBent, [1, 0, 1.999, 0, 1, 0, 0, 0]);
    expectClose(near, [2000, 0, 3998, 0, 2000, 0, -1000, 0], 1e-9);
  });

  it('have no nearest member in families with one parameter an entry', () => {
    const matrix: Matrix3 = [1, 0, 2, 0, 1, 0, -0.5, 0, 0];
    for (const name of ['translation', 'attention', 'similarity', 'affine', 'affine-lie', 'projective'] as const)
      expect(() => fromMatrix(families[name], matrix, wide), name).toThrow(/centre of the crop to infinity/);
  });

  it('are members of projective-lie like any other', () => {
    const family = families['projective-lie'];
    const matrix: Matrix3 = [1, 0, 2, 0, 1, 0, -0.5, 0, 0];
    const found = family.matrixOf(family.parametersOf(matrix));
    const [p, q] = [applyPoint(found, 0.3, -0.4), applyPoint(matrix, 0.3, -0.4)];
    expectClose([p.x, p.y], [q.x, q.y], 1e-6);
  });
});

describe('projection onto a family', () => {
  it('finds the similarity in a sheared matrix', () => {
    const sheared = multiply(multiply(rotate(0.5), scale(1.3)), [1.1, 0, 0, 0, 0.9, 0, 0, 0, 1]);
    const [rotation, logScale] = fromMatrix(families.similarity, sheared, { width: 1, height: 1 });
    expectClose([rotation, logScale], [0.5, Math.log(1.3)], 1e-12);
  });

  it('keeps a mirrored affine map mirrored within its bounds', () => {
    expectClose(families.affine.bound([-20, 0, 0, 0, 0.01, 0], wide), [-8, 0, 0, 0, 0.125, 0], 1e-12);
  });
});

describe('mean angles', () => {
  it('cross the half turn', () => {
    expect(meanAngle([3, -3])).toBeCloseTo(Math.PI, 12);
    expect(meanAngle([Math.PI - 0.1, -Math.PI + 0.3])).toBeCloseTo(-Math.PI + 0.1, 12);
  });

  it('are the least-squares centre of the circle', () => {
    const cost = (centre: number, angles: readonly number[]): number =>
      angles.reduce((sum, a) => sum + Math.acos(Math.max(-1, Math.min(1, Math.cos(a - centre)))) ** 2, 0);
    fc.assert(
      fc.property(fc.array(real(-7, 7), { minLength: 1, maxLength: 9 }), real(-3.2, 3.2), (angles, other) => {
        expect(cost(meanAngle(angles), angles)).toBeLessThanOrEqual(cost(other, angles) + 1e-6);
      }),
    );
  });

  it('need angles', () => {
    expect(() => meanAngle([])).toThrow(RangeError);
  });
});

describe('the Karcher mean', () => {
  it('of two similarities is half the way from one to the other', () => {
    const from = expSimilarity([0.2, 0.1, 0.5, -0.3]);
    const step = [0.9, -0.4, 0.2, 0.6];
    const to = multiply(from, expSimilarity(step));
    const algebra = { exp: expSimilarity, log: logSimilarity };
    const mean = karcherMean([from, to], algebra, from);
    expectClose(mean, multiply(from, expSimilarity(step.map((value) => value / 2))), 1e-11);
    expect(() => karcherMean([], algebra, from)).toThrow(RangeError);
  });

  it('recovers the centre of a cloud around a half turn', () => {
    const random = createRandom(3);
    const centre = chain(translate(0.4, 0.1), rotate(Math.PI), scale(0.8));
    const cloud: Matrix3[] = [];
    for (let i = 0; i < 40; i++) {
      const step = [0.4, 0.2, 0.2, 0.2].map((spread) => spread * random.normal());
      cloud.push(multiply(centre, expSimilarity(step)), multiply(centre, expSimilarity(step.map((v) => -v))));
    }
    expectClose(families.similarity.meanOf(cloud), centre, 1e-9);
  });
});
