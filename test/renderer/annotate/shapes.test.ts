import { describe, expect, it } from 'vitest';
import { readSchema, writePairs } from '../../../renderer/screens/annotate/parts/schema-text.ts';
import { distanceToOutline } from '../../../renderer/screens/annotate/shapes/outline.ts';

describe('an outline', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ];
  it('is as far as its nearest side, and nowhere from inside', () => {
    expect(distanceToOutline(square, { x: 5, y: 5 })).toBe(0);
    expect(distanceToOutline(square, { x: 13, y: 14 })).toBeCloseTo(5, 12);
    expect(distanceToOutline(square, { x: -2, y: 5 })).toBeCloseTo(2, 12);
  });
});

describe('landmarks as text', () => {
  it('are read as they were written', () => {
    const points = ['left eye', 'right eye', 'wing-tip'];
    const written = writePairs(points, [
      [0, 1],
      [1, 2],
    ]);
    expect(readSchema(' Face ', points.join('\n'), written, 'left eye - right eye')).toEqual({
      name: 'Face',
      points,
      edges: [
        [0, 1],
        [1, 2],
      ],
      mirrored: [[0, 1]],
    });
  });

  it.each([
    ['', 'a', '', 'needs a name'],
    ['F', ' \n', '', 'at least one point'],
    ['F', 'a\nb\na', '', "called 'a'"],
    ['F', 'a\nb', 'a - c', "'a - c' does not join"],
    ['F', 'a\nb', 'a - a', 'does not join'],
  ])('say what is wrong: %s %s %s', (name, points, edges, trouble) => {
    expect(readSchema(name, points, edges, '')).toEqual({ trouble: expect.stringContaining(trouble) as string });
  });
});
