import type { AnswerOf } from '../../api/types.ts';
import { inOrder, scoreWords } from '../../runs/score-words.ts';

type Columns = Omit<AnswerOf<'transforms.columns'>, 'next'>;

/** A column of numbers: a score of a run, or a reading of its transforms. */
export interface NumberColumn {
  readonly id: string;
  readonly kind: 'score' | 'reading';
  readonly name: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
}

const readings = {
  angle: { name: 'Angle', unit: '°' },
  scale: { name: 'Scale', unit: '' },
  shiftX: { name: 'Shift x', unit: 'px' },
  shiftY: { name: 'Shift y', unit: 'px' },
  shear: { name: 'Shear', unit: '' },
  stretch: { name: 'Stretch', unit: '' },
} as const;
/** All columns of numbers: each signal by its own name, never merged. */
export function numberColumns(columns: Columns): readonly NumberColumn[] {
  const ofScores = inOrder(Object.keys(columns.scores)).map((id) => ({
    ...{ id, kind: 'score' as const, unit: '', values: columns.scores[id] },
    name: scoreWords(id),
  }));
  const ofReadings = Object.entries(readings).flatMap(([id, words]) => {
    const values = columns.reading[id] as (number | null)[] | undefined;
    return values === undefined ? [] : [{ ...words, id, kind: 'reading' as const, values }];
  });
  return [...ofScores, ...ofReadings];
}

/** Pages of columns one after the other as one; what a page lacks is null there. */
export function joinColumns(pages: readonly Columns[]): Columns {
  type Part = Readonly<Partial<Record<string, readonly (number | null)[]>>>;
  const joined = (part: (page: Columns) => Part): Record<string, (number | null)[]> => {
    const names = new Set(pages.flatMap((page) => Object.keys(part(page))));
    const column = (name: string) =>
      pages.flatMap((page): readonly (number | null)[] => part(page)[name] ?? page.images.map(() => null));
    return Object.fromEntries([...names].map((name) => [name, column(name)]));
  };
  return {
    images: pages.flatMap(({ images }) => images),
    names: pages.flatMap(({ names }) => names),
    status: pages.flatMap(({ status }) => status),
    decision: pages.flatMap(({ decision }) => decision),
    scores: joined((page) => page.scores),
    reading: joined((page) => page.reading),
  };
}

/** The rows in the order of some values; rows without a value come last in either direction, ties keep their order. */
export function sortRows(
  rows: readonly number[],
  values: readonly (number | string | null)[],
  direction: 'ascending' | 'descending',
): readonly number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a - b;
    return (x < y ? -sign : x > y ? sign : 0) || a - b;
  });
}

/** A part of the values of a column, both ends within it. */
export type Range = readonly [low: number, high: number];

/** What was brushed: a range of each column that bounds the rows, by the column's id. */
export type Ranges = Readonly<Partial<Record<string, Range>>>;

/** A rectangle in the values of two columns. */
export interface Brush {
  readonly x: Range;
  readonly y: Range;
}

/** The rows whose values lie within all ranges; a row without a value lies in none. */
export function rowsWithin(ranges: Ranges, columns: readonly NumberColumn[]): readonly number[] {
  const bounds = columns.flatMap(({ id, values }) => {
    const range = ranges[id];
    return range === undefined ? [] : [{ values, low: range[0], high: range[1] }];
  });
  const rows = Array.from(columns.at(0)?.values.keys() ?? []);
  return rows.filter((row) =>
    bounds.every(({ values, low, high }) => {
      const value = values[row];
      return value !== null && value >= low && value <= high;
    }),
  );
}

/** The least and the largest value of a column, a little apart where they are equal. */
export function extentOf({ values }: Pick<NumberColumn, 'values'>): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values)
    if (value !== null && Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - room, high + room];
}
