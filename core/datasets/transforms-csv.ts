import type { Matrix3 } from '../geometry/matrix.ts';
import { booleanOf, compareFiles, numberOf, readTable, textOf, unreadable, writeTable, type CsvRow } from './csv.ts';
import { deriveTransform, type TransformRow } from './transform-row.ts';

const places = ['00', '01', '02', '10', '11', '12', '20', '21', '22'];
const forward = places.map((place) => `c2i_${place}`);
const backward = places.map((place) => `i2c_${place}`);
const reading = ['angle_deg', 'scale', 'shift_x_px', 'shift_y_px'];
const columns = [
  ...['file', 'width', 'height', 'family', 'mirrored'],
  ...forward,
  ...backward,
  ...reading,
  ...['similarity', 'outside_fraction', 'effective_resolution', 'status'],
];
const nine = Array<null>(9).fill(null);

/**
 * Writes `transforms.csv`: one row per image in file-name order. `c2i` takes canonical points to pixels of the oriented
 * original, `i2c` is its inverse, both row-major; empty for images without a transform.
 */
export function writeTransformsCsv(rows: readonly TransformRow[]): string {
  return writeTable(
    columns,
    rows.toSorted(compareFiles).map((row) => {
      const derived = deriveTransform(row);
      return [
        ...[row.file, row.width, row.height, row.family, row.mirrored],
        ...(row.canonicalToImage ?? nine),
        ...(derived?.imageToCanonical ?? nine),
        ...[derived?.angle ?? null, derived?.scale ?? null, derived?.shiftX ?? null, derived?.shiftY ?? null],
        ...[row.similarity, row.outsideFraction, row.effectiveResolution, row.status],
      ];
    }),
  );
}

/**
 * Reads `transforms.csv`. Only `file`, `width`, `height` and the nine `c2i` columns must be there: what can be derived
 * from them is not read. Rows come back in the order of the file.
 *
 * **Throws** CongealError 'input-unreadable' with line and column.
 */
export function readTransformsCsv(text: string, source: string): readonly TransformRow[] {
  return readTable(text, source, ['file', 'width', 'height', ...forward]).map((row) => ({
    file: textOf(row, 'file'),
    width: numberOf(row, 'width'),
    height: numberOf(row, 'height'),
    family: textOf(row, 'family'),
    mirrored: row.columns.has('mirrored') && booleanOf(row, 'mirrored'),
    canonicalToImage: matrixOf(row),
    similarity: numberOf(row, 'similarity'),
    outsideFraction: numberOf(row, 'outside_fraction'),
    effectiveResolution: numberOf(row, 'effective_resolution'),
    status: textOf(row, 'status'),
  }));
}

function matrixOf(row: CsvRow): Matrix3 | null {
  const numbers = forward.map((column) => numberOf(row, column));
  const known = numbers.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (known.length === 9) return known as unknown as Matrix3;
  throw unreadable(row.source, row.line, `found ${known.length} numbers of the c2i matrix, expected nine or none`);
}
