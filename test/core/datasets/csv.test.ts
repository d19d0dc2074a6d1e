import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatNumber, numberOf, readTable, textOf, writeTable } from '../../../core/datasets/csv.ts';

const awkward = [
  'plain.jpg',
  'with, comma.jpg',
  'with "quotes".jpg',
  'two\nlines.jpg',
  'carriage\rreturn.jpg',
  'both\r\n.jpg',
  ' spaces around ',
  '-rf.jpg',
  '=1+1.jpg',
  '@home.jpg',
  '+49.jpg',
  '\ttab.jpg',
  "'quoted'.jpg",
  "'=already.jpg",
  "''-twice.jpg",
  '🦝.jpg',
  '<img onerror=x>.jpg',
  "'",
  '-',
  '',
];

function roundTrip(names: readonly string[]): string[] {
  const text = writeTable(
    ['file', 'value'],
    names.map((name) => [name, -1]),
  );
  return readTable(text, 'test.csv', ['file']).map((row) => textOf(row, 'file'));
}

test('file names survive exactly, whatever they contain', () => {
  expect(roundTrip(awkward)).toEqual(awkward);
});

test('any text survives exactly', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom("'", '=', '-', '+', '@', '\t', '\r', '\n', '"', ','),
  );
  const name = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (names) => {
      expect(roundTrip(names)).toEqual(names);
    }),
  );
});

test('no text cell begins as a formula, and numbers stay numbers', () => {
  const text = writeTable(
    ['file', 'value'],
    [
      ['=cmd()', -1.5],
      ['-rf', 1e-7],
      ['ok', null],
    ],
  );
  expect(text).toBe("file,value\n'=cmd(),-1.5\n'-rf,1e-7\nok,\n");
  const rows = readTable(text, 'test.csv', ['file', 'value']);
  expect(rows.map((row) => numberOf(row, 'value'))).toEqual([-1.5, 1e-7, null]);
});

test('numbers are written as the shortest text that reads back the same', () => {
  expect([0.1 + 0.2, -0, 1e21, 1 / 3, 5e-324].map(formatNumber)).toEqual([
    '0.30000000000000004',
    '0',
    '1e+21',
    '0.3333333333333333',
    '5e-324',
  ]);
  expect(() => formatNumber(NaN)).toThrow(RangeError);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const [row] = readTable(writeTable(['v'], [[value]]), 'test.csv', ['v']);
      expect(numberOf(row, 'v')).toBe(value === 0 ? 0 : value);
    }),
  );
});

test('a table with a byte order mark, CRLF and empty lines is read', () => {
  const rows = readTable('\uFEFFfile,x\r\n\r\na.jpg, 1 \r\n"b\r\n.jpg",2\r\n', 'test.csv', ['file', 'x']);
  expect(rows.map((row) => [textOf(row, 'file'), numberOf(row, 'x')])).toEqual([
    ['a.jpg', 1],
    ['b\r\n.jpg', 2],
  ]);
});

test.each([
  ['', 'test.csv, line 1: found the columns nothing, expected also file, x.'],
  ['file,y\n', 'test.csv, line 1: found the columns "file,y", expected also x.'],
  ['file,x\na\n', 'test.csv, line 2: found 1 cells, expected 2 as in the first row.'],
  ['file,x\na,1\n"two\nlines",two\n', 'test.csv, line 4: column x: found "two", expected a number.'],
  ['file,x\na,0x10\n', 'found "0x10", expected a number'],
  ['file,x\na,1e999\n', 'found "1e999", expected a number'],
  ['file,x\n"a,1\n', 'test.csv is not a CSV file that can be read: Quote Not Closed'],
])('%j is refused with the place and what was expected', (text, message) => {
  const read = (): unknown => readTable(text, 'test.csv', ['file', 'x']).map((row) => numberOf(row, 'x'));
  expect(read).toThrow(expect.objectContaining({ code: 'input-unreadable' }));
  expect(read).toThrow(message);
});
