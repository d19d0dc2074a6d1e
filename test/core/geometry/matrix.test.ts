import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapGrid } from '../../../core/geometry/grid.ts';
import {
  applyPoint,
  chain,
  determinant,
  identity3,
  invert,
  isAffine,
  jacobian,
  multiply,
  rotate,
  scale,
  translate,
  type Matrix3,
} from '../../../core/geometry/matrix.ts';
import { degrees, radians, toDegrees, toRadians, wrapAngle } from '../../../core/geometry/units.ts';
import { expectClose, real } from './support.ts';

const matrix = fc
  .tuple(...Array.from({ length: 8 }, () => real(-0.4, 0.4)))
  .map((e) => [1 + e[0], e[1], e[2], e[3], 1 + e[4], e[5], e[6], e[7], 1] as unknown as Matrix3);

it('a matrix times its inverse is the identity, and determinants multiply', () => {
  fc.assert(
    fc.property(matrix, matrix, (a, b) => {
      fc.pre(Math.abs(determinant(a)) > 0.05);
      expectClose(multiply(a, invert(a)), identity3, 1e-10);
      expect(determinant(multiply(a, b))).toBeCloseTo(determinant(a) * determinant(b), 10);
    }),
  );
});

it('the inverse of an affine map is exactly affine; a singular one has none', () => {
  expect(isAffine(invert(chain(translate(3, 1), rotate(1), scale(0.1, 7))))).toBe(true);
  expect(() => invert([1, 2, 0, 2, 4, 0, 0, 0, 1])).toThrow('has no inverse');
});

it('the Jacobian is the slope of the mapped point', () => {
  fc.assert(
    fc.property(matrix, real(-1, 1), real(-1, 1), (m, x, y) => {
      fc.pre(m[6] * x + m[7] * y + 1 > 0.3);
      const step = 1e-6;
      const slope = (dx: number, dy: number): [number, number] => {
        const p = applyPoint(m, x + dx, y + dy);
        const q = applyPoint(m, x - dx, y - dy);
        return [(p.x - q.x) / (2 * step), (p.y - q.y) / (2 * step)];
      };
      const [a, b, c, d] = jacobian(m, x, y);
      expectClose([a, c, b, d], [...slope(step, 0), ...slope(0, step)], 1e-5);
    }),
  );
});

it('points on the horizon stay finite, on the side where they are', () => {
  const m: Matrix3 = [1, 0, 0, 0, 1, 0, -1, 0, 1];
  expect(applyPoint(m, 1, 0.5)).toEqual({ x: 1 / 1e-6, y: 0.5 / 1e-6 });
  expect(applyPoint(m, 1 + 1e-9, 0.5).x).toBeLessThan(-9e5);
  expect(jacobian(m, 1, 0.5).every((slope) => Number.isFinite(slope))).toBe(true);
});

it('all multiples of a matrix are the same map, however small', () => {
  const m: Matrix3 = [1, 0, 3, 0, 1, -2, 0.1, 0.2, 1];
  for (const factor of [1e-9, -1e-7, 1e9]) {
    const multiple = m.map((entry) => entry * factor) as unknown as Matrix3;
    expectClose(Object.values(applyPoint(multiple, 0.5, -1)), Object.values(applyPoint(m, 0.5, -1)), 1e-9);
    expectClose(jacobian(multiple, 0.5, -1), jacobian(m, 0.5, -1), 1e-9);
    expectClose([...mapGrid(multiple, 3, 2, false)], [...mapGrid(m, 3, 2, false)], 1e-6);
  }
});

it('angles wrap into (-180, 180] degrees', () => {
  expect(toDegrees(wrapAngle(toRadians(degrees(540))))).toBeCloseTo(180, 12);
  expect(toDegrees(wrapAngle(toRadians(degrees(-190))))).toBeCloseTo(170, 12);
  expect(wrapAngle(radians(-Math.PI))).toBeCloseTo(Math.PI, 12);
});
