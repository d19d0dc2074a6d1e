import { parse, CsvError } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { CongealError } from '../contract/errors.ts';

/** What a cell may hold; null is an empty cell. */
export type Cell = string | number | boolean | null;

/** One row of a table that was read, with the place it came from for messages. */
export interface CsvRow {
  readonly source: string;
  /** Line of the file on which the row ends, from 1. */
  readonly line: number;
  readonly columns: ReadonlyMap<string, number>;
  readonly cells: readonly string[];
}

/** A record longer than this is not one of ours; csv-parse would otherwise read on to the end in search of a quote. */
const longestRecord = 4 * 1024 * 1024;

/**
 * Writes a table as CSV: commas, LF, quotes where needed, a first row of column names.
 *
 * Spreadsheets run text that begins with `=`, `+`, `-` or `@` as a formula, so such text gets one apostrophe in front
 * (see `protect`); `readTable` takes it away again. Numbers are written by `formatNumber` and never get one.
 */
export function writeTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map(formatCell));
  return stringify([columns, ...cells], { record_delimiter: '\n', quoted_match: /[\r\n]/ });
}

/**
 * Reads CSV (LF or CRLF, with or without a byte order mark) as records of raw cells; `lines` holds each one's line.
 *
 * **Throws** CongealError 'input-unreadable' with the line where quotes do not close.
 */
export function readRecords(text: string, source: string): { records: readonly string[][]; lines: readonly number[] } {
  try {
    const parsed = parse(text, {
      bom: true,
      info: true,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRecord,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return { records: parsed.map(({ record }) => record), lines: parsed.map(({ info }) => info.lines) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CongealError('input-unreadable', `${source} is not a CSV file that can be read: ${error.message}.`, {
      cause: error,
      details: { source },
    });
  }
}

/**
 * Reads CSV with a first row of column names. Other columns than the required ones may be there, in any order.
 *
 * **Throws** CongealError 'input-unreadable' when a required column is missing or a row has another number of cells.
 */
export function readTable(text: string, source: string, required: readonly string[]): readonly CsvRow[] {
  const { records, lines } = readRecords(text, source);
  const header = records.at(0) ?? [];
  const columns = new Map(header.map((name, index) => [name.trim(), index]));
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    const found = header.length === 0 ? 'nothing' : shorten(header.join(','));
    throw unreadable(source, 1, `found the columns ${found}, expected also ${missing.join(', ')}`);
  }
  return records.slice(1).map((cells, index) => {
    const line = lines[index + 1];
    if (cells.length !== header.length) {
      throw unreadable(source, line, `found ${cells.length} cells, expected ${header.length} as in the first row`);
    }
    return { source, line, columns, cells };
  });
}

/** The text of a cell, without the apostrophe that `writeTable` puts before formulas; '' where there is no such column. */
export function textOf(row: CsvRow, column: string): string {
  return unprotect(rawOf(row, column));
}

/** The number in a cell, or null where it is empty. **Throws** CongealError 'input-unreadable' for anything else. */
export function numberOf(row: CsvRow, column: string): number | null {
  return parseNumber(rawOf(row, column), row.source, row.line, column);
}

/** The truth value in a cell. **Throws** CongealError 'input-unreadable' for anything but true and false. */
export function booleanOf(row: CsvRow, column: string): boolean {
  const text = rawOf(row, column).trim().toLowerCase();
  if (text !== 'true' && text !== 'false') {
    throw unreadable(row.source, row.line, `column ${column}: found ${shorten(text)}, expected true or false`);
  }
  return text === 'true';
}

/** Reads a number, or null from an empty text. **Throws** CongealError 'input-unreadable' for anything else. */
export function parseNumber(text: string, source: string, line: number, column: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : NaN;
  if (Number.isFinite(value)) return value;
  throw unreadable(source, line, `column ${column}: found ${shorten(text)}, expected a number`);
}

/**
 * The shortest text that reads back as exactly this number; -0 is written as 0.
 *
 * **Throws** a RangeError for what is not a number or infinite: an unknown value is null, an empty cell.
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written to a table; write null instead.`);
  return String(value === 0 ? 0 : value);
}

/** What cannot be used in a file, and where. */
export function unreadable(source: string, line: number, what: string): CongealError {
  return new CongealError('input-unreadable', `${source}, line ${line}: ${what}.`, { details: { source, line } });
}

/** Order of file names in everything that is written: by code unit, the same on every machine. */
export function compareFiles(a: { readonly file: string }, b: { readonly file: string }): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : 0;
}

function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return formatNumber(cell);
  return typeof cell === 'boolean' ? String(cell) : protect(cell);
}

/**
 * Puts one apostrophe before text that a spreadsheet would take for a formula, and before text that already begins with
 * apostrophes and then so: thus taking one away again is exact for every text.
 */
function protect(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function unprotect(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

function rawOf(row: CsvRow, column: string): string {
  const index = row.columns.get(column);
  return index === undefined ? '' : row.cells[index];
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
