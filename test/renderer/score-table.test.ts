import { expect, it } from 'vitest';
import { barCount, edgeOf, histogramOf, rangeBetween } from '../../renderer/screens/scores/histogram.ts';
import { joinColumns, numberColumns, rowsWithin, sortRows } from '../../renderer/screens/scores/score-table.ts';

const page = {
  images: ['1', '2', '3'],
  names: ['a', 'b', 'c'],
  status: ['ok', 'ok', 'flagged'],
  decision: ['none', 'none', 'none'] as ('none' | 'accepted')[],
  scores: { similarity: [0.5, null, 0.1] },
  reading: { angle: [10, 20, 30] },
};

it('pages become one table, and what a page lacks is null', () => {
  const joined = joinColumns([page, { ...page, images: ['4', '5', '6'], scores: {} }]);
  expect(joined.images).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(joined.scores).toEqual({ similarity: [0.5, null, 0.1, null, null, null] });
});

it('rows without a value come last in either direction', () => {
  expect(sortRows([0, 1, 2], page.scores.similarity, 'ascending')).toEqual([2, 0, 1]);
  expect(sortRows([0, 1, 2], page.scores.similarity, 'descending')).toEqual([0, 2, 1]);
});

it('what lies within all ranges is taken, and a row without a value never', () => {
  const columns = numberColumns(page);
  expect(columns.map(({ name, unit }) => [name, unit])).toEqual([
    ['Similarity to the mean', ''],
    ['Angle', '°'],
  ]);
  expect(rowsWithin({ similarity: [0, 1], angle: [15, 40] }, columns)).toEqual([2]);
  expect(rowsWithin({ angle: [10, 20] }, columns)).toEqual([0, 1]);
  expect(rowsWithin({}, columns)).toEqual([0, 1, 2]);
});

it('a histogram counts every value once, with the selected ones among them', () => {
  const values = Array.from({ length: 101 }, (_, n) => (n === 50 ? null : n / 100));
  const { counts, selected, extent } = histogramOf({ values }, (row) => row >= 90);
  expect(counts.reduce((sum, count) => sum + count)).toBe(100);
  expect(selected.reduce((sum, count) => sum + count)).toBe(11);
  expect(selected.slice(0, 20).every((count) => count === 0)).toBe(true);
  expect([edgeOf(extent, extent[0]), edgeOf(extent, extent[1])]).toEqual([0, barCount]);
});

it('edges of bars bound a range in either order; everything and nothing are no range', () => {
  expect(rangeBetween([0, 24], 6, 2)).toEqual([2, 6]);
  expect(rangeBetween([0, 24], -3, 5)).toEqual([0, 5]);
  expect([rangeBetween([0, 24], 4, 4), rangeBetween([0, 24], 0, 30)]).toEqual([undefined, undefined]);
});
