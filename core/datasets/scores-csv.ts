import { compareFiles, numberOf, readTable, textOf, writeTable } from './csv.ts';

/** The figures about one image, by name; null where one could not be had. */
export interface ScoreRow {
  readonly file: string;
  readonly scores: Readonly<Record<string, number | null>>;
}

/** Writes `scores.csv`: `file` and one column per name, in the order given; one row per image in file-name order. */
export function writeScoresCsv(names: readonly string[], rows: readonly ScoreRow[]): string {
  return writeTable(
    ['file', ...names],
    rows.toSorted(compareFiles).map(({ file, scores }) => [file, ...names.map((name) => scores[name] ?? null)]),
  );
}

/** Reads `scores.csv`. **Throws** CongealError 'input-unreadable' with line and column. */
export function readScoresCsv(text: string, source: string): readonly ScoreRow[] {
  return readTable(text, source, ['file']).map((row) => {
    const names = [...row.columns.keys()].filter((name) => name !== 'file');
    return { file: textOf(row, 'file'), scores: Object.fromEntries(names.map((name) => [name, numberOf(row, name)])) };
  });
}
