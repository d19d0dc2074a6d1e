import { expect, it } from 'vitest';
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

it('a brush takes what lies within both ranges', () => {
  const [similarity, angle] = numberColumns(page);
  expect([similarity.name, angle.unit]).toEqual(['Similarity to the mean', '°']);
  expect(rowsWithin({ x: [0, 1], y: [15, 40] }, similarity, angle)).toEqual([2]);
});
