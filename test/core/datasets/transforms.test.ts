import { expect, test } from 'vitest';
import type { TransformRow } from '../../../core/datasets/transform-row.ts';
import { readTransformsCsv, writeTransformsCsv } from '../../../core/datasets/transforms-csv.ts';
import { readTransformsJson, writeTransformsJson, type Recipe } from '../../../core/datasets/transforms-json.ts';

/** A square crop 80 pixels wide, a quarter turn clockwise, 20 pixels right of and 10 above the image's centre. */
const turned: TransformRow = {
  file: 'b.jpg',
  width: 320,
  height: 240,
  family: 'similarity',
  mirrored: false,
  canonicalToImage: [0, -40, 180, 40, 0, 110, 0, 0, 1],
  similarity: 0.9,
  outsideFraction: 0,
  effectiveResolution: 1.25,
  status: 'aligned',
};
const failed: TransformRow = {
  file: '=a.jpg',
  width: null,
  height: null,
  family: 'similarity',
  mirrored: false,
  canonicalToImage: null,
  similarity: null,
  outsideFraction: null,
  effectiveResolution: null,
  status: 'failed',
};
const recipe: Recipe = {
  command: 'align',
  options: { folder: 'photos', family: 'similarity', nested: { list: [1, null, 'x'] } },
  seed: 1,
  versions: { congeal: '0.1.0' },
  inputs: [
    { file: 'b.jpg', sha256: 'b'.repeat(64) },
    { file: '=a.jpg', sha256: null },
  ],
  models: [{ name: 'aligner.onnx', sha256: 'c'.repeat(64) }],
};

test('transforms.csv has the columns of the format, both directions and the reading', () => {
  const text = writeTransformsCsv([turned, failed]);
  const [header, first, second] = text.split('\n');
  expect(header).toBe(
    'file,width,height,family,mirrored,c2i_00,c2i_01,c2i_02,c2i_10,c2i_11,c2i_12,c2i_20,c2i_21,c2i_22,' +
      'i2c_00,i2c_01,i2c_02,i2c_10,i2c_11,i2c_12,i2c_20,i2c_21,i2c_22,' +
      'angle_deg,scale,shift_x_px,shift_y_px,similarity,outside_fraction,effective_resolution,status',
  );
  expect(first).toBe(`'=a.jpg,,,similarity,false${','.repeat(26)}failed`);
  const cells = second.split(',');
  expect(cells.slice(0, 14).join()).toBe('b.jpg,320,240,similarity,false,0,-40,180,40,0,110,0,0,1');
  expect(cells.slice(14, 23).map(Number)).toEqual([0, 0.025, -2.75, -0.025, 0, 4.5, 0, 0, 1]);
  const [angle, scale, x, y] = cells.slice(23, 27).map(Number);
  expect(angle).toBeCloseTo(90, 10);
  expect(scale).toBeCloseTo(80 / 240, 10);
  expect([x, y]).toEqual([20, -10]);
  expect(cells.slice(27)).toEqual(['0.9', '0', '1.25', 'aligned']);
});

test('transforms.csv reads back exactly', () => {
  const precise: TransformRow = { ...turned, canonicalToImage: [1 / 3, -0.1, 1e-17, 7 / 9, 2e8, 0.1 + 0.2, 0, 0, 1] };
  expect(readTransformsCsv(writeTransformsCsv([precise, failed]), 't.csv')).toEqual([failed, precise]);
});

test('transforms.csv with the matrices alone is enough', () => {
  const names = ['00', '01', '02', '10', '11', '12', '20', '21', '22'].map((place) => `c2i_${place}`);
  const [row] = readTransformsCsv(`file,width,height,${names.join()}\na.jpg,3,4,1,2,3,4,5,6,0,0,1\n`, 't.csv');
  expect(row.canonicalToImage).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 1]);
  expect(() => readTransformsCsv(`file,width,height,${names.join()}\na,3,4,1,2,3,4,5,6,0,0,\n`, 't.csv')).toThrow(
    't.csv, line 2: found 8 numbers of the c2i matrix, expected nine or none.',
  );
});

test('transforms.json says the conventions, gives the recipe and reads back exactly', () => {
  const text = writeTransformsJson({ recipe, images: [turned, failed] });
  expect(writeTransformsJson({ recipe, images: [failed, turned] })).toBe(text);
  const plain = JSON.parse(text) as { conventions: { c2i: string }; images: { file: string; i2c: unknown }[] };
  expect(plain.conventions.c2i).toContain('rows first');
  expect(plain.images.map(({ file }) => file)).toEqual(['=a.jpg', 'b.jpg']);
  expect(plain.images[1]).toMatchObject({ i2c: [0, 0.025, -2.75, -0.025, 0, 4.5, 0, 0, 1], shift_px: [20, -10] });
  expect(readTransformsJson(text, 't.json')).toEqual({ recipe, images: [failed, turned] });
});

test.each([
  ['{', 't.json is not what was expected'],
  ['[]', 'at its top'],
  [writeTransformsJson({ recipe, images: [] }).replace('"version": 1', '"version": 2'), 'at version'],
  [writeTransformsJson({ recipe, images: [turned] }).replace('-40', '"x"'), 'at images.0.c2i.1'],
  ['['.repeat(100_000), 'nested deeper than 64 levels'],
])('a transforms.json that is not one is refused (%#)', (text, message) => {
  const read = (): unknown => readTransformsJson(text, 't.json');
  expect(read).toThrow(expect.objectContaining({ code: 'input-unreadable' }));
  expect(read).toThrow(message);
});

test('brackets in names do not count as depth, and __proto__ is dropped', () => {
  const options = { folder: '\\"[[{'.repeat(100) };
  const text = writeTransformsJson({ recipe: { ...recipe, options }, images: [] });
  expect(readTransformsJson(text, 't.json').recipe.options).toEqual(options);
  const evil = text.replace('"folder"', '"__proto__": {"polluted": true}, "folder"');
  const read = readTransformsJson(evil, 't.json').recipe.options;
  expect(read).toEqual(options);
  expect('polluted' in read).toBe(false);
});
