import { pixelPoint, type PixelPoint } from '../geometry/units.ts';
import { compareFiles, parseNumber, readRecords, textOf, unreadable, writeTable } from './csv.ts';

/** The keypoints of one image in pixels of the oriented original; the same index means the same point in every image. */
export interface KeypointRow {
  readonly file: string;
  readonly points: readonly (PixelPoint | null)[];
}

/** Writes `keypoints.csv`: `file,x0,y0,x1,y1,...`, one row per image in file-name order, empty cells for missing points. */
export function writeKeypointsCsv(rows: readonly KeypointRow[]): string {
  const count = Math.max(0, ...rows.map((row) => row.points.length));
  const indices = Array.from({ length: count }, (_, index) => index);
  return writeTable(
    ['file', ...indices.flatMap((index) => [`x${index}`, `y${index}`])],
    rows
      .toSorted(compareFiles)
      .map(({ file, points }) => [
        file,
        ...indices.flatMap((index) => [points[index]?.x ?? null, points[index]?.y ?? null]),
      ]),
  );
}

/**
 * Reads keypoints: the file's name, then x and y of each point in turn, with or without a row of column names. Rows
 * come back in the order of the file.
 *
 * **Throws** CongealError 'input-unreadable' with line and column: a cell that is not a number, a row of another
 * length, an x without a y, a file that occurs twice.
 */
export function readKeypointsCsv(text: string, source: string): readonly KeypointRow[] {
  const { records, lines } = readRecords(text, source);
  if (records.length === 0) return [];
  const width = records[0].length;
  if (width % 2 === 0) throw unreadable(source, lines[0], `found ${width} cells, expected a file and pairs of x and y`);
  const first = hasHeader(records[0]) ? 1 : 0;
  const seen = new Map<string, number>();
  return records.slice(first).map((cells, index) => {
    const line = lines[index + first];
    if (cells.length !== width) throw unreadable(source, line, `found ${cells.length} cells, expected ${width}`);
    const file = textOf({ source, line, columns: new Map([['file', 0]]), cells }, 'file');
    const before = seen.get(file);
    if (before !== undefined) {
      throw unreadable(source, line, `found ${JSON.stringify(file)} again, expected it once (line ${before})`);
    }
    seen.set(file, line);
    return { file, points: pointsOf(cells, source, line) };
  });
}

function hasHeader(cells: readonly string[]): boolean {
  return cells.length > 1 && cells.slice(1).some((cell) => /^\s*[a-z_]/i.test(cell));
}

function pointsOf(cells: readonly string[], source: string, line: number): (PixelPoint | null)[] {
  return Array.from({ length: (cells.length - 1) / 2 }, (_, index) => {
    const x = parseNumber(cells[2 * index + 1], source, line, `x${index}`);
    const y = parseNumber(cells[2 * index + 2], source, line, `y${index}`);
    if ((x === null) !== (y === null)) throw unreadable(source, line, `point ${index} has only one of x and y`);
    return x === null || y === null ? null : pixelPoint(x, y);
  });
}
