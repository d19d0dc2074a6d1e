import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBoxesCsv, writeBoxesCsv, type BoxRow } from '../../../core/datasets/boxes-csv.ts';
import { hasShared, shared } from '../../support/shared.ts';

const found: BoxRow = {
  file: 'b.jpg',
  width: 320,
  height: 240,
  box: { xmin: 0.5, ymin: 10, xmax: 100.25, ymax: 90 },
  score: 0.75,
  reason: '',
};
const notFound: BoxRow = { ...found, file: 'a.jpg', box: null, score: null, reason: 'nothing like the others' };
const broken: BoxRow = { ...notFound, file: '-c.jpg', width: null, height: null, reason: 'truncated, 3 bytes' };

test('one row per image in file-name order, empty coordinates and a reason where nothing was found', () => {
  const text = writeBoxesCsv([found, notFound, broken]);
  expect(text).toBe(
    [
      'file,width,height,xmin,ymin,xmax,ymax,score,reason',
      `'-c.jpg,,,,,,,,"truncated, 3 bytes"`,
      'a.jpg,320,240,,,,,,nothing like the others',
      'b.jpg,320,240,0.5,10,100.25,90,0.75,',
      '',
    ].join('\n'),
  );
  expect(readBoxesCsv(text, 'boxes.csv')).toEqual([broken, notFound, found]);
});

test('a table with other columns and several boxes per image is read', () => {
  const text = 'filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,9,9,cat,1,2,3,4\na.jpg,9,9,cat,5,6,7,8\n';
  const boxes = readBoxesCsv(text, 'truth.csv');
  expect(boxes.map(({ file, box }) => [file, box?.xmin])).toEqual([
    ['a.jpg', 1],
    ['a.jpg', 5],
  ]);
});

test.each([
  ['xmin,ymin,xmax,ymax\n1,2,3,4\n', 'boxes.csv, line 1: found no column file.'],
  ['file,xmin,ymin,xmax,ymax\na,1,,3,4\n', 'boxes.csv, line 2: found a box with empty coordinates'],
  ['file,xmin,ymin,xmax,ymax\na,3,2,3,4\n', 'expected xmin < xmax and ymin < ymax'],
])('%j is refused', (text, message) => {
  expect(() => readBoxesCsv(text, 'boxes.csv')).toThrow(message);
});

describe.skipIf(!hasShared)('with the test data beside the checkout', () => {
  test.each([
    ['raccoon', 150, 163],
    ['kangaroo', 100, 161],
  ])('%s: %d images with %d boxes', (name, images, boxes) => {
    const path = shared(`data/${name}/boxes.csv`);
    const rows = readBoxesCsv(readFileSync(path, 'utf8'), path);
    expect(rows).toHaveLength(boxes);
    expect(new Set(rows.map((row) => row.file)).size).toBe(images);
  });
});
