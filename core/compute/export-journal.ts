import { appendFileSync, closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenCrop } from '../datasets/export-journal.ts';
import { exportJournalLine, exportJournalName, readExportJournal } from '../datasets/export-journal.ts';

/** The journal of a dataset in the making, open for more. */
export interface OpenJournal {
  /** The crops that earlier processes have written, by the names of their images. */
  readonly written: ReadonlyMap<string, WrittenCrop>;
  /** Notes a crop that is on the disk. One short write to the end of the file: whole, or cut off and seen to be. */
  readonly add: (crop: WrittenCrop) => void;
  readonly close: () => void;
}

/** Opens the journal that stands in a dataset's folder, and cuts off what a process could not finish. */
export function openExportJournal(folder: string): OpenJournal {
  const path = join(folder, exportJournalName);
  const journal = readExportJournal(readFileSync(path, 'utf8'));
  if (journal === undefined) throw new Error(`${path} is not a journal of an export`);
  const file = openSync(path, 'a');
  ftruncateSync(file, journal.wholeBytes);
  return {
    written: new Map(journal.crops.map((crop) => [crop.id, crop])),
    add: (crop) => {
      appendFileSync(file, exportJournalLine(crop));
    },
    close: () => {
      closeSync(file);
    },
  };
}
