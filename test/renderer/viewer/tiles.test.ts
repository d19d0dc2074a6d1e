import { describe, expect, it } from 'vitest';
import { RecentCache } from '../../../renderer/viewer/recent-cache.ts';
import { areaOf, levelFor, parentOf, tilesInView } from '../../../renderer/viewer/tile-places.ts';

/** As the engine cuts an image of 1500 x 900. */
const pyramid = {
  tile: 512,
  levels: [
    { width: 1500, height: 900, columns: 3, rows: 2 },
    { width: 750, height: 450, columns: 2, rows: 1 },
    { width: 375, height: 225, columns: 1, rows: 1 },
  ],
};

describe('tiles', () => {
  it('come from the coarsest level that is still sharp', () => {
    expect([2, 1, 0.51, 0.5, 0.3, 0.25, 0.01].map((scale) => levelFor(pyramid, scale, 1))).toEqual([
      0, 0, 0, 1, 1, 2, 2,
    ]);
    expect(levelFor(pyramid, 0.5, 2)).toBe(0);
  });

  it('cover the original without gaps', () => {
    for (const [level, { columns, rows }] of pyramid.levels.entries()) {
      let area = 0;
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const { width, height } = areaOf(pyramid, { level, column, row });
          area += width * height;
        }
      expect(area).toBeCloseTo(1500 * 900, 6);
    }
    expect(areaOf(pyramid, { level: 1, column: 1, row: 0 })).toEqual({ x: 1024, y: 0, width: 476, height: 900 });
  });

  it('are those in sight, the middle first', () => {
    const view = { scale: 1, x: -600, y: 0 };
    const places = tilesInView(pyramid, 0, view, { width: 400, height: 400 });
    expect(places).toEqual([{ level: 0, column: 1, row: 0 }]);
    expect(tilesInView(pyramid, 0, { scale: 0.2, x: 0, y: 0 }, { width: 400, height: 400 })).toHaveLength(6);
  });

  it('are stood in for by the tile that covers them one level up', () => {
    const place = { level: 0, column: 2, row: 1 };
    const [own, parent] = [areaOf(pyramid, place), parentOf(pyramid, place)];
    const covers = areaOf(pyramid, parent ?? place);
    expect(parent).toEqual({ level: 1, column: 1, row: 0 });
    expect(covers.x <= own.x && covers.x + covers.width >= own.x + own.width).toBe(true);
    expect(parentOf(pyramid, { level: 2, column: 0, row: 0 })).toBeUndefined();
  });
});

describe('what was used last', () => {
  it('stays, the rest is let go of', () => {
    const released: string[] = [];
    const cache = new RecentCache<string>(2, (value) => released.push(value));
    cache.set('a', 'A');
    cache.set('b', 'B');
    cache.get('a');
    cache.set('c', 'C');
    expect([released, cache.has('a'), cache.has('b')]).toEqual([['B'], true, false]);
    cache.clear();
    expect(released.toSorted()).toEqual(['A', 'B', 'C']);
  });
});
