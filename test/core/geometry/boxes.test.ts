import { expect, it } from 'vitest';
import { boxArea, boxAround, boxOfPoints, clipBox, iou, mapBox } from '../../../core/geometry/boxes.ts';
import { rotate, translate } from '../../../core/geometry/matrix.ts';

const box = { xmin: 0, ymin: 0, xmax: 4, ymax: 2 };

it('intersection over union counts area in the corner frame', () => {
  expect(iou(box, box)).toBe(1);
  expect(iou(box, { xmin: 2, ymin: 0, xmax: 6, ymax: 2 })).toBeCloseTo(4 / 12, 12);
  expect(iou(box, { xmin: 4, ymin: 0, xmax: 8, ymax: 2 })).toBe(0);
  expect(iou(box, { xmin: 3, ymin: 1, xmax: 1, ymax: 0 })).toBe(0);
});

it('boxes surround points and mapped boxes', () => {
  expect(
    boxOfPoints([
      { x: 3, y: 1 },
      { x: -1, y: 5 },
    ]),
  ).toEqual({ xmin: -1, ymin: 1, xmax: 3, ymax: 5 });
  expect(() => boxOfPoints([])).toThrow('at least one point');
  expect(boxAround({ x: 2, y: 1 }, 4, 2)).toEqual(box);
  expect(mapBox(translate(1, -1), box)).toEqual({ xmin: 1, ymin: -1, xmax: 5, ymax: 1 });
  const turned = mapBox(rotate(Math.PI / 2), box);
  expect(turned.xmin).toBeCloseTo(-2, 12);
  expect(turned.ymax).toBeCloseTo(4, 12);
});

it('clipping leaves the part inside the image', () => {
  expect(clipBox({ xmin: -3, ymin: 1, xmax: 9, ymax: 9 }, { width: 5, height: 4 })).toEqual({
    xmin: 0,
    ymin: 1,
    xmax: 5,
    ymax: 4,
  });
  expect(boxArea(clipBox({ xmin: 6, ymin: 0, xmax: 9, ymax: 2 }, { width: 5, height: 4 }))).toBe(0);
});
