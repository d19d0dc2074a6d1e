import { describe, expect, it } from 'vitest';
import { chain, invert, rotate, scale, translate } from '../../../core/geometry/matrix.ts';
import { cornersOf, mapShape, reachesOutside, type Shape } from '../../../core/geometry/shapes.ts';

const map = chain(translate(50, 40), rotate(Math.PI / 6), scale(20, 10));
const box: Shape = { kind: 'box', box: { xmin: -0.5, ymin: -0.25, xmax: 0.5, ymax: 0.25 }, angle: 0 };

describe('shapes under transforms', () => {
  it('turns boxes clockwise on screen about their centre', () => {
    const [first] = cornersOf({ box: { xmin: 0, ymin: 0, xmax: 4, ymax: 2 }, angle: 90 });
    expect(first.x).toBeCloseTo(3, 12);
    expect(first.y).toBeCloseTo(-1, 12);
  });

  it('maps points and polygons exactly, there and back', () => {
    const polygon: Shape = {
      kind: 'polygon',
      points: [
        { x: 0, y: 0 },
        { x: 1, y: 0.2 },
        { x: 0.3, y: -1 },
      ],
    };
    const there = mapShape(map, polygon, 'polygon');
    const back = mapShape(invert(map), there, 'polygon');
    if (back.kind !== 'polygon') throw new Error('expected a polygon');
    back.points.forEach((point, n) => {
      expect(point.x).toBeCloseTo(polygon.points[n].x, 12);
      expect(point.y).toBeCloseTo(polygon.points[n].y, 12);
    });
    expect(mapShape(translate(3, 4), { kind: 'point', at: { x: 1, y: 1 } }, 'polygon')).toEqual({
      kind: 'point',
      at: { x: 4, y: 5 },
    });
  });

  it('makes a polygon of a box, or the upright box around it', () => {
    const polygon = mapShape(map, box, 'polygon');
    const around = mapShape(map, box, 'enclosing-box');
    if (polygon.kind !== 'polygon' || around.kind !== 'box') throw new Error('other kinds were expected');
    expect(polygon.points).toHaveLength(4);
    expect(around.box.xmin).toBeCloseTo(Math.min(...polygon.points.map(({ x }) => x)), 12);
    expect(around.box.ymax).toBeCloseTo(Math.max(...polygon.points.map(({ y }) => y)), 12);
  });

  it('tells what reaches outside an image', () => {
    const size = { width: 100, height: 80 };
    expect(reachesOutside({ kind: 'point', at: { x: 100, y: 80 } }, size)).toBe(false);
    expect(reachesOutside({ kind: 'point', at: { x: 100.1, y: 80 } }, size)).toBe(true);
    expect(reachesOutside(mapShape(map, box, 'polygon'), size)).toBe(false);
    expect(reachesOutside({ kind: 'point', at: { x: NaN, y: 0 } }, size)).toBe(true);
  });
});
