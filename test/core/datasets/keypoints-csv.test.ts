import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readKeypointsCsv, writeKeypointsCsv, type KeypointRow } from '../../../core/datasets/keypoints-csv.ts';
import { pixelPoint } from '../../../core/geometry/units.ts';
import { hasShared, shared } from '../../support/shared.ts';

const rows: readonly KeypointRow[] = [
  { file: '-a.jpg', points: [pixelPoint(-1.5, 2), null] },
  { file: 'b.jpg', points: [pixelPoint(3, 4.25), pixelPoint(5, 6)] },
];

test('points come back as they were written, missing ones as empty cells', () => {
  const text = writeKeypointsCsv(rows.toReversed());
  expect(text).toBe(`file,x0,y0,x1,y1\n'-a.jpg,-1.5,2,,\nb.jpg,3,4.25,5,6\n`);
  expect(readKeypointsCsv(text, 'points.csv')).toEqual(rows);
});

test('a row of column names is optional', () => {
  expect(readKeypointsCsv('-a.jpg,-1.5,2,,\nb.jpg,3,4.25,5,6\n', 'points.csv')).toEqual(rows);
  expect(readKeypointsCsv('', 'points.csv')).toEqual([]);
});

test.each([
  ['file,x0\na,1\n', 'points.csv, line 1: found 2 cells, expected a file and pairs of x and y.'],
  ['file,x0,y0\na,1,2,3,4\n', 'points.csv, line 2: found 5 cells, expected 3.'],
  ['file,x0,y0\na,1,two\n', 'points.csv, line 2: column y0: found "two", expected a number.'],
  ['file,x0,y0\na,1,\n', 'points.csv, line 2: point 0 has only one of x and y.'],
  ['file,x0,y0\na,1,2\na,1,2\n', 'points.csv, line 3: found "a" again, expected it once (line 2).'],
])('%j is refused', (text, message) => {
  expect(() => readKeypointsCsv(text, 'points.csv')).toThrow(message);
});

describe.skipIf(!hasShared)('with the test data beside the checkout', () => {
  test('faces: 300 images with 68 points each', () => {
    const path = shared('data/faces/keypoints.csv');
    const faces = readKeypointsCsv(readFileSync(path, 'utf8'), path);
    expect(faces).toHaveLength(300);
    expect(faces.every(({ points }) => points.length === 68)).toBe(true);
    expect(faces[0].file).toBe('person001-0.jpg');
    expect(faces[0].points[0]).toEqual({ x: 40, y: 45 });
  });
});
