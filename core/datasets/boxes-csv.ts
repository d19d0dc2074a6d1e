import type { Box } from '../geometry/boxes.ts';
import { compareFiles, numberOf, readTable, textOf, unreadable, writeTable, type CsvRow } from './csv.ts';

/** The box found in one image, in pixels of the oriented original (corner frame), or why there is none. */
export interface BoxRow {
  readonly file: string;
  /** Size of the image in pixels; null where it could not be read. */
  readonly width: number | null;
  readonly height: number | null;
  readonly box: Box | null;
  readonly score: number | null;
  /** Why there is no box; '' where there is one. */
  readonly reason: string;
}

const columns = ['file', 'width', 'height', 'xmin', 'ymin', 'xmax', 'ymax', 'score', 'reason'];
const corners = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

/** Writes `boxes.csv`: one row per image in file-name order; empty coordinates and a reason where nothing was found. */
export function writeBoxesCsv(rows: readonly BoxRow[]): string {
  return writeTable(
    columns,
    rows.toSorted(compareFiles).map(({ file, width, height, box, score, reason }) => {
      const place = corners.map((corner) => box?.[corner] ?? null);
      return [file, width, height, ...place, score, reason];
    }),
  );
}

/**
 * Reads `boxes.csv`, or any table of boxes with the columns `file` (or `filename`), `xmin`, `ymin`, `xmax`, `ymax`; a
 * file may have several rows, each with one box. Rows come back in the order of the file.
 *
 * **Throws** CongealError 'input-unreadable' with line and column.
 */
export function readBoxesCsv(text: string, source: string): readonly BoxRow[] {
  const rows = readTable(text, source, corners);
  if (rows.length === 0) return [];
  const file = ['file', 'filename'].find((name) => rows[0].columns.has(name));
  if (file === undefined) throw unreadable(source, 1, 'found no column file');
  return rows.map((row) => toBoxRow(row, file));
}

function toBoxRow(row: CsvRow, file: string): BoxRow {
  return {
    file: textOf(row, file),
    width: numberOf(row, 'width'),
    height: numberOf(row, 'height'),
    box: boxOf(row),
    score: numberOf(row, 'score'),
    reason: textOf(row, 'reason'),
  };
}

function boxOf(row: CsvRow): Box | null {
  const [xmin, ymin, xmax, ymax] = corners.map((corner) => numberOf(row, corner));
  if (xmin === null && ymin === null && xmax === null && ymax === null) return null;
  if (xmin === null || ymin === null || xmax === null || ymax === null) {
    throw unreadable(row.source, row.line, 'found a box with empty coordinates, expected all four or none');
  }
  if (xmax <= xmin || ymax <= ymin) {
    const found = `xmin ${xmin}, ymin ${ymin}, xmax ${xmax}, ymax ${ymax}`;
    throw unreadable(row.source, row.line, `found a box with ${found}, expected xmin < xmax and ymin < ymax`);
  }
  return { xmin, ymin, xmax, ymax };
}
