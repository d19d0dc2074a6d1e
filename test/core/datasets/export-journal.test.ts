import { expect, it } from 'vitest';
import {
  exportJournalHead,
  exportJournalLine,
  readExportJournal,
  type WrittenCrop,
} from '../../../core/datasets/export-journal.ts';

const crops: readonly WrittenCrop[] = ['a.png', 'ü "quoted"\n🦊.jpg', 'c.png'].map((id, n) => ({
  id,
  bytes: 1000 + n,
  outsideFraction: 1 / (n + 3),
  effectiveResolution: Math.SQRT2 * n,
}));

it('a journal gives back what was noted, and cut anywhere it gives back the lines that are whole', () => {
  const lines = [exportJournalHead('recipe'), ...crops.map(exportJournalLine)];
  const bytes = Buffer.from(lines.join(''));
  expect(readExportJournal(bytes.toString())).toEqual({ recipe: 'recipe', crops, wholeBytes: bytes.length });
  for (let length = 0; length < bytes.length; length++) {
    const found = readExportJournal(bytes.subarray(0, length).toString());
    const whole = lines.findLastIndex((_, n) => Buffer.byteLength(lines.slice(0, n + 1).join('')) <= length);
    if (whole < 0) expect(found).toBeUndefined();
    else
      expect(found).toEqual({
        recipe: 'recipe',
        crops: crops.slice(0, whole),
        wholeBytes: Buffer.byteLength(lines.slice(0, whole + 1).join('')),
      });
  }
});

it('what follows a line that is none does not count, and other files are no journals', () => {
  const [first, second] = crops.map(exportJournalLine);
  const text = `${exportJournalHead('recipe')}${first}{"id":"b.png","bytes":null}\n${second}`;
  expect(readExportJournal(text)?.crops).toEqual([crops[0]]);
  for (const other of ['', '\n', '[]\n', '{"journal":2,"recipe":"x"}\n', 'years of work\n'])
    expect(readExportJournal(other)).toBeUndefined();
});
