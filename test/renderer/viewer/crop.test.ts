import { describe, expect, it } from 'vitest';
import { applyPoint, chain, rotate, scale, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { thinPlate } from '../../../core/geometry/thin-plate.ts';
import {
  isCovered,
  isExact,
  levelForStep,
  planCrop,
  stepOf,
  toWhole,
  wantedPart,
} from '../../../renderer/viewer/crop/crop-plan.ts';
import { bendPoint, splineThrough } from '../../../renderer/viewer/crop/spline.ts';
import { latticePoints } from '../../../renderer/viewer/frame/lattice.ts';

const original = { width: 6000, height: 4000 };
const crop = { width: 400, height: 400 };
const pose = (half: number): Matrix3 => chain(translate(2800, 2100), rotate(0.5), scale(half));

describe('the part that a crop is drawn from', () => {
  it.each([40, 200, 700, 1900])('is what the core samples, asked for with some room around: %i', (half) => {
    const plan = planCrop(pose(half), original, crop, 'border');
    const part = wantedPart(plan, original);
    if (part === undefined) throw new Error('no part');
    expect(isExact(part, plan)).toBe(true);
    expect(isCovered(toWhole(pose(half), part, original), part)).toBe(true);
    /* A crop that is exactly the part is reduced by the core to the very size of the plan: nothing is sampled twice. */
    const again = planCrop(part.matrix, original, part.area, 'transparent');
    expect([again.width, again.height]).toEqual([plan.width, plan.height]);
    const corner = applyPoint(part.matrix, -1, -1);
    expect((corner.x * plan.width) / original.width).toBeCloseTo(part.area.left, 6);
  });

  it('holds while the frame is turned or moved a little, and no longer', () => {
    const part = wantedPart(planCrop(pose(700), original, crop, 'border'), original);
    if (part === undefined) throw new Error('no part');
    const moved = (x: number): Matrix3 => chain(translate(x, 0), pose(700));
    expect(isExact(part, planCrop(moved(150), original, crop, 'border'))).toBe(true);
    expect(isExact(part, planCrop(moved(1500), original, crop, 'border'))).toBe(false);
    expect(isCovered(toWhole(moved(1500), part, original), part)).toBe(false);
  });

  it('is reduced until a step is between one and two pixels', () => {
    expect([0.4, 1.9, 2.1, 3.9, 4.1, 100].map((step) => levelForStep(step, 6))).toEqual([0, 0, 1, 1, 2, 5]);
    expect(stepOf(scale(400), crop)).toBeCloseTo(2, 9);
  });
});

describe('the spline of the shader', () => {
  it('is the thin plate spline of the core', () => {
    const from = latticePoints(3);
    const to = from.map(({ x, y }, n) => ({ x: x + 0.1 * Math.sin(n), y: y - 0.08 * Math.cos(2 * n) }));
    const spline = splineThrough(from, to);
    const field = thinPlate(from).field(to.flatMap((p, n) => [p.x - from[n].x, p.y - from[n].y]));
    const read = new Float64Array(6);
    for (const point of [
      { x: 0.2, y: -0.7 },
      { x: -1, y: 1 },
      { x: 0.55, y: 0.31 },
    ]) {
      field.read(point.x, point.y, read);
      const made = bendPoint(spline, point);
      expect(made.x).toBeCloseTo(point.x + read[0], 5);
      expect(made.y).toBeCloseTo(point.y + read[1], 5);
    }
  });

  it('refuses points in one place', () => {
    const twice = [...latticePoints(3), { x: 0, y: 0 }];
    expect(() => splineThrough(twice, twice)).toThrow(RangeError);
  });
});
