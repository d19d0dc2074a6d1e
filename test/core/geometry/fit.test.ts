import { describe, expect, it } from 'vitest';
import { fitPins } from '../../../core/geometry/fit.ts';
import { applyPoint, chain, rotate, scale, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { solve } from '../../../core/geometry/solve.ts';

const base: Matrix3 = [40, 0, 100, 0, 40, 80, 0, 0, 1];
const corners = [
  { x: -1, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 1 },
  { x: -1, y: 0.5 },
  { x: 0.2, y: -0.3 },
];

function pinsOf(truth: Matrix3, count: number) {
  return corners
    .slice(0, count)
    .map((canonical) => ({ canonical, image: applyPoint(truth, canonical.x, canonical.y) }));
}

function expectClose(found: Matrix3, truth: Matrix3): void {
  for (const { x, y } of corners) {
    const [p, q] = [applyPoint(found, x, y), applyPoint(truth, x, y)];
    expect(p.x).toBeCloseTo(q.x, 6);
    expect(p.y).toBeCloseTo(q.y, 6);
  }
}

describe('fitPins', () => {
  const turned = chain(translate(7, -3), rotate(0.4), scale(1.3), base);
  const sheared = chain(turned, [1, 0.2, 0, 0, 0.8, 0, 0, 0, 1]);
  const tilted = chain(sheared, [1, 0, 0, 0, 1, 0, 0.1, -0.05, 1]);

  it('finds the motion of each family exactly from as many points as it needs, or more', () => {
    for (const count of [1, 3])
      expectClose(
        fitPins(base, pinsOf(chain(translate(5, 6), base), count), 'translation'),
        chain(translate(5, 6), base),
      );
    for (const count of [2, 5]) expectClose(fitPins(base, pinsOf(turned, count), 'similarity'), turned);
    const rigid = chain(translate(7, -3), rotate(2.9), base);
    for (const count of [2, 4]) expectClose(fitPins(base, pinsOf(rigid, count), 'rotation'), rigid);
    const zoomed = chain(translate(7, -3), scale(0.6), base);
    for (const count of [2, 4]) expectClose(fitPins(base, pinsOf(zoomed, count), 'attention'), zoomed);
    for (const count of [3, 5]) expectClose(fitPins(base, pinsOf(sheared, count), 'affine'), sheared);
    for (const count of [4, 5]) expectClose(fitPins(base, pinsOf(tilted, count), 'projective'), tilted);
  });

  it('takes a stiffer family where there are fewer points, and keeps what they leave open', () => {
    const [pin] = pinsOf(tilted, 1);
    const found = fitPins(base, [pin], 'projective');
    expect(applyPoint(found, pin.canonical.x, pin.canonical.y).x).toBeCloseTo(pin.image.x, 9);
    expect([found[0], found[1], found[3], found[4]]).toEqual([40, 0, 0, 40]);
    expectClose(fitPins(base, pinsOf(turned, 2), 'affine'), turned);
    expectClose(fitPins(base, pinsOf(sheared, 3), 'projective'), sheared);
  });

  it('refuses points that determine nothing', () => {
    expect(() => fitPins(base, [], 'affine')).toThrow(RangeError);
    const one = pinsOf(turned, 1);
    expect(() => fitPins(base, [...one, ...one], 'similarity')).toThrow('one place');
    const line = [-1, 0, 1].map((x) => ({ canonical: { x, y: 0 }, image: { x: 10 * x, y: 3 } }));
    expect(() => fitPins(base, line, 'affine')).toThrow(RangeError);
  });
});

describe('solve', () => {
  it('solves with a pivot on the way', () => {
    const x = solve(
      [
        [0, 2, 1],
        [1, 0, 3],
        [4, 1, 0],
      ],
      [7, 10, 6],
    );
    expect(x[0]).toBeCloseTo(1, 12);
    expect(x[1]).toBeCloseTo(2, 12);
    expect(x[2]).toBeCloseTo(3, 12);
  });
});
