import { describe, expect, it } from 'vitest';
import { latticeFamily, latticeMap } from '../../../core/geometry/lattice-family.ts';
import { piecewise } from '../../../core/geometry/piecewise.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { latticePoints, thinPlate } from '../../../core/geometry/thin-plate.ts';

const three = [-1, 0, 1];

describe('thin plate splines', () => {
  const spline = thinPlate(latticePoints(three, three));
  const random = createRandom(7);
  const places = Array.from({ length: 40 }, () => [random.uniform() * 3 - 1.5, random.uniform() * 3 - 1.5] as const);

  it('pass through their control points', () => {
    spline.points.forEach((point, k) => {
      spline.weights(point.x, point.y).forEach((weight, j) => {
        expect(weight).toBeCloseTo(j === k ? 1 : 0, 12);
      });
    });
  });

  it('keep every affine map as it is', () => {
    for (const [x, y] of places) {
      const weights = spline.weights(x, y);
      const sum = (of: (k: number) => number): number => weights.reduce((all, weight, k) => all + weight * of(k), 0);
      expect(sum(() => 1)).toBeCloseTo(1, 12);
      expect(sum((k) => spline.points[k].x)).toBeCloseTo(x, 12);
      expect(sum((k) => spline.points[k].y)).toBeCloseTo(y, 12);
    }
  });

  it('have the coefficients of the plate of four corners and a centre', () => {
    /* By symmetry: the centre raised by 1 over four corners at rest, 1 = a U(0) + 4 b U(2) + c, and so on. */
    const corners = [
      { x: -1, y: -1 },
      { x: 1, y: -1 },
      { x: -1, y: 1 },
      { x: 1, y: 1 },
      { x: 0, y: 0 },
    ];
    /* With U(r²) = r² ln r²: U(2) = 2 ln 2, U(4) = 4 ln 4, U(8) = 8 ln 8; forces b at each corner, -4 b at the centre. */
    const [u2, u4, u8] = [2 * Math.log(2), 4 * Math.log(4), 8 * Math.log(8)];
    const lift = (x: number, y: number): number => thinPlate(corners).weights(x, y)[4];
    const b = 1 / (4 * u2 - (2 * u4 + u8 - 4 * u2));
    const level = 1 - 4 * b * u2;
    const u = (r2: number): number => (r2 === 0 ? 0 : r2 * Math.log(r2));
    const expected = (x: number, y: number): number =>
      level +
      b * (corners.slice(0, 4).reduce((all, c) => all + u((x - c.x) ** 2 + (y - c.y) ** 2), 0) - 4 * u(x * x + y * y));
    for (const [x, y] of places) expect(lift(x, y)).toBeCloseTo(expected(x, y), 10);
  });

  it('are the same field as their weights say, with the slopes that differences have', () => {
    for (const cardinals of [spline, piecewise(three, [-1, 1], 'straight'), piecewise([-0.5, 0.5], three, 'level')]) {
      const shifts = cardinals.points.flatMap(() => [random.normal(), random.normal()]);
      const field = cardinals.field(shifts);
      const read = (x: number, y: number): Float64Array => {
        const into = new Float64Array(6);
        field.read(x, y, into);
        return into;
      };
      for (const [x, y] of places) {
        const step = 1e-6;
        const here = read(x, y);
        const byX = [read(x - step, y), read(x + step, y)];
        const byY = [read(x, y - step), read(x, y + step)];
        const weights = cardinals.weights(x, y);
        for (const axis of [0, 1]) {
          const sum = weights.reduce((all, weight, k) => all + weight * shifts[2 * k + axis], 0);
          expect(here[axis]).toBeCloseTo(sum, 11);
          expect(here[2 + 2 * axis]).toBeCloseTo((byX[1][axis] - byX[0][axis]) / (2 * step), 6);
          expect(here[3 + 2 * axis]).toBeCloseTo((byY[1][axis] - byY[0][axis]) / (2 * step), 6);
        }
      }
    }
  });

  it('need points that span a plane', () => {
    expect(() => thinPlate(latticePoints(three, [0]))).toThrow(RangeError);
  });
});

describe('piecewise maps', () => {
  it('blend bilinearly within a cell, pinned by numbers', () => {
    const family = latticeFamily('piecewise9');
    const parameters = [...family.identity];
    parameters[8] = 0.4; /* the middle point goes 0.4 to the right */
    expect(latticeMap(family, parameters).point(0, 0)).toEqual({ x: 0.4, y: 0 });
    expect(latticeMap(family, parameters).point(0.5, 0)).toEqual({ x: 0.7, y: 0 });
    expect(latticeMap(family, parameters).point(0.5, -0.5)).toEqual({ x: 0.6, y: -0.5 });
    expect(latticeMap(family, parameters).point(1, 0.3)).toEqual({ x: 1, y: 0.3 });
  });

  it('flows shift the cells of the crop, level beyond the outer centres', () => {
    const family = latticeFamily('flow:2x1');
    expect(family.identity).toEqual([0, 0, 0, 0]);
    const parameters = [0.1, 0, 0.3, -0.2];
    const at = (x: number): readonly number[] => {
      const point = latticeMap(family, parameters).point(x, 0.9);
      return [point.x - x, point.y - 0.9].map((value) => Math.round(value * 1e12) / 1e12);
    };
    expect([at(-1), at(-0.5), at(0), at(0.5), at(1)]).toEqual([
      [0.1, 0],
      [0.1, 0],
      [0.2, -0.1],
      [0.3, -0.2],
      [0.3, -0.2],
    ]);
  });
});
