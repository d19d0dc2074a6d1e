import type { NumberColumn, Range } from './score-table.ts';
import { extentOf } from './score-table.ts';

/** Bars of a histogram. */
export const barCount = 24;

/** How the values of a column are spread, in bars of equal width over `extent`. */
export interface Histogram {
  readonly extent: Range;
  /** Rows in each bar, and those of them that are selected. */
  readonly counts: readonly number[];
  readonly selected: readonly number[];
}

/** Counts the rows of each bar; rows without a value are in none. */
export function histogramOf(column: Pick<NumberColumn, 'values'>, isSelected: (row: number) => boolean): Histogram {
  const extent = extentOf(column);
  const counts = new Array<number>(barCount).fill(0);
  const selected = new Array<number>(barCount).fill(0);
  for (const [row, value] of column.values.entries()) {
    if (value === null || !Number.isFinite(value)) continue;
    const bar = Math.min(barCount - 1, Math.floor(edgeOf(extent, value)));
    counts[bar] += 1;
    if (isSelected(row)) selected[bar] += 1;
  }
  return { extent, counts, selected };
}

/** Where a value lies among the edges of the bars: 0 at the first one, `barCount` at the last. */
export function edgeOf([low, high]: Range, value: number): number {
  return ((value - low) / (high - low)) * barCount;
}

/** The values between two edges of bars, in either order; undefined where that is everything or nothing. */
export function rangeBetween([low, high]: Range, one: number, other: number): Range | undefined {
  const [from, to] = [Math.max(0, Math.min(one, other)), Math.min(barCount, Math.max(one, other))];
  if (from >= to || (from <= 0 && to >= barCount)) return undefined;
  const at = (edge: number) => low + (edge / barCount) * (high - low);
  return [at(from), at(to)];
}

/** The bars as one path in a box that is `barCount` wide and 1 high, y down; `most` rows fill its height. */
export function barsPath(counts: readonly number[], most: number): string {
  return counts
    .flatMap((count, bar) => (count === 0 ? [] : [`M${bar + 0.1} 1V${1 - Math.max(0.04, count / most)}h0.8V1Z`]))
    .join('');
}
