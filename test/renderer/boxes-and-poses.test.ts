import { expect, it } from 'vitest';
import { moveBox } from '../../renderer/screens/find/move-box.ts';
import { middleSquare, posedTransform } from '../../renderer/ui/posed.ts';
import { columnsOf, heightOf, rangeAt } from '../../renderer/ui/virtual-range.ts';

const box = { xmin: 10, ymin: 20, xmax: 50, ymax: 60 };
const image = { width: 100, height: 80 };

it('a box that is moved keeps its size and stays within its image', () => {
  expect(moveBox(box, 'all', [1000, -1000], image)).toEqual({ xmin: 60, ymin: 0, xmax: 100, ymax: 40 });
});

it('a corner moves alone and never past the opposite one', () => {
  expect(moveBox(box, 'nw', [5, 5], image)).toEqual({ xmin: 15, ymin: 25, xmax: 50, ymax: 60 });
  expect(moveBox(box, 'se', [-1000, 1000], image)).toEqual({ xmin: 10, ymin: 20, xmax: 14, ymax: 80 });
});

it('the middle square of an image fills its tile', () => {
  // 200 x 100 pixels are laid out as 256 x 128; the middle 100 pixels become 64 of the tile: half of the 128.
  expect(posedTransform(middleSquare({ width: 200, height: 100 }), { width: 200, height: 100 }, 64)).toBe(
    'matrix(0.5, 0, 0, 0.5, -32, 0)',
  );
});

it('only the cells near what is seen are there', () => {
  const layout = { width: 400, height: 300, cellWidth: 90, cellHeight: 100, gap: 10 };
  expect(columnsOf(layout)).toBe(4);
  expect(heightOf(100_000, 4, layout)).toBe(25_000 * 110 - 10);
  expect(rangeAt(11_000, 100_000, 4, layout)).toEqual({ first: 98 * 4, end: 105 * 4 });
});
