import { describe, expect, it } from 'vitest';
import {
  cellAt,
  cellsIn,
  cellsOfElements,
  cellsTouching,
  contentHeight,
  keyLeadsTo,
  layOut,
  placeOf,
  scrollTo,
} from '../../renderer/screens/collection/grid-layout.ts';

/** 3 columns of 100 px, cells 122 px high, 8 px apart, 12 px around. */
const layout = layOut(12 + 100 + 8 + 100 + 8 + 100 + 12, 100, 10);

describe('the layout of the grid', () => {
  it('shares what is left over among the columns', () => {
    expect(layout).toMatchObject({ columns: 3, cellWidth: 100, cellHeight: 122 });
    expect(layOut(400, 100, 10)).toMatchObject({ columns: 3, cellWidth: 120 });
    expect(layOut(10, 100, 10)).toMatchObject({ columns: 1, cellWidth: 100 });
    expect(contentHeight(layout)).toBe(12 + 4 * 122 + 3 * 8 + 12);
    expect(contentHeight({ ...layout, total: 0 })).toBe(0);
  });

  it('finds every cell where it lies, and none between them', () => {
    for (let index = 0; index < 10; index++) {
      const { x, y } = placeOf(layout, index);
      expect(cellAt(layout, x, y)).toBe(index);
      expect(cellAt(layout, x + 99, y + 121)).toBe(index);
      expect(cellAt(layout, x - 1, y)).toBe(undefined);
    }
    expect(cellAt(layout, 12 + 108, 12 + 3 * 130)).toBe(undefined);
  });

  it('knows what a window shows', () => {
    expect(cellsIn(layout, 0, 100)).toEqual({ from: 0, to: 3 });
    expect(cellsIn(layout, 140, 200)).toEqual({ from: 0, to: 9 });
    expect(cellsIn(layout, 140, 200, 5)).toEqual({ from: 0, to: 10 });
    expect(cellsIn({ ...layout, total: 0 }, 0, 100)).toEqual({ from: 0, to: 0 });
    expect(cellsIn({ ...layOut(1200, 160, 100_000) }, 1e9, 800)).toEqual({ from: 100_000, to: 100_000 });
  });

  it('gives the elements of a row that went out of sight to the row that came', () => {
    expect(cellsOfElements(layout, 0, 2)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(cellsOfElements(layout, 3, 2)).toEqual([6, 7, 8, 3, 4, 5]);
    expect(cellsOfElements(layout, 6, 2)).toEqual([6, 7, 8, 9, undefined, undefined]);
    expect(cellsOfElements(layout, 0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(cellsOfElements({ ...layout, total: 0 }, 0, 2)).toEqual([]);
  });

  it('knows what a rubber band touches', () => {
    expect(cellsTouching(layout, { left: 0, top: 0, right: 12, bottom: 12 })).toEqual([0]);
    expect(cellsTouching(layout, { left: 100, top: 100, right: 140, bottom: 150 })).toEqual([0, 1, 3, 4]);
    expect(cellsTouching(layout, { left: 0, top: 400, right: 999, bottom: 9999 })).toEqual([9]);
    expect(cellsTouching(layout, { left: 0, top: 0, right: 5, bottom: 5 })).toEqual([]);
  });

  it('scrolls no farther than a cell needs', () => {
    expect(scrollTo(layout, 4, 100, 300)).toBe(100);
    expect(scrollTo(layout, 0, 100, 300)).toBe(0);
    expect(scrollTo(layout, 9, 0, 300)).toBe(placeOf(layout, 9).y + 122 + 12 - 300);
  });

  it('follows keys as a file manager does', () => {
    const leads = (index: number, key: string) => keyLeadsTo(layout, index, key, 300);
    expect([leads(4, 'ArrowLeft'), leads(4, 'ArrowRight'), leads(4, 'ArrowUp'), leads(4, 'ArrowDown')]).toEqual([
      3, 5, 1, 7,
    ]);
    expect([leads(0, 'ArrowLeft'), leads(1, 'ArrowUp'), leads(9, 'ArrowDown'), leads(7, 'ArrowDown')]).toEqual([
      0, 1, 9, 9,
    ]);
    expect([leads(5, 'Home'), leads(5, 'End'), leads(8, 'PageUp'), leads(1, 'PageDown')]).toEqual([0, 9, 2, 7]);
    expect(leads(1, 'x')).toBe(undefined);
    expect(keyLeadsTo({ ...layout, total: 0 }, 0, 'End', 300)).toBe(undefined);
  });
});
