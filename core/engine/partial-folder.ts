import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { exportJournalHead, exportJournalName, readExportJournal } from '../datasets/export-journal.ts';
import { explainWriteError } from '../store/write-errors.ts';
import { partialWithin, writeWhole } from './outputs.ts';

/** What a dataset in the making may hold; a folder with anything else in it is not ours. */
const ours: ReadonlySet<string> = new Set(
  ['images', 'metadata.jsonl', exportJournalName].flatMap((name) => [name, `.${name}.partial`]),
);

/**
 * Makes the folder in which a dataset is built, with its journal: beside an empty target, so that it can take its place
 * by a rename, otherwise within the target. What an interrupted export of the same recipe left there is kept, that of
 * another one is removed.
 *
 * @param recipe - everything that the crops depend on, as one hash
 *
 * **Throws** CongealError `output-not-empty` when a folder of that name holds anything else, `output-unwritable`, `disk-full`, `disk-failed`.
 */
export async function makePartial(out: string, recipe: string): Promise<string> {
  try {
    const path = (await canBeReplaced(out)) ? beside(out) : join(out, partialWithin);
    const strange = (await entriesOf(path)).find((name) => !ours.has(name));
    if (strange !== undefined)
      throw new CongealError(
        'output-not-empty',
        `${path} is needed for the export but holds '${strange}'. Move it away.`,
      );
    if ((await recipeOf(path)) === recipe) return path;
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
    await writeWhole(join(path, exportJournalName), exportJournalHead(recipe));
    return path;
  } catch (error) {
    throw explainWriteError(error, out);
  }
}

/** Removes what exports into a folder have left unfinished; what is not ours stays. */
export async function removePartials(out: string): Promise<void> {
  for (const path of [beside(out), join(out, partialWithin)]) {
    const found = await entriesOf(path).catch(() => []);
    if (found.length > 0 && found.every((name) => ours.has(name))) await rm(path, { recursive: true, force: true });
  }
}

/** Puts a finished folder in the place of an empty one, or its entries over those of one that is not; its list comes last. */
export async function moveOver(partial: string, out: string): Promise<void> {
  await rm(join(partial, exportJournalName), { force: true });
  if (dirname(partial) === dirname(out)) {
    await rmdir(out);
    await rename(partial, out);
    return;
  }
  await mergeInto(partial, out);
  await rm(partial, { recursive: true, force: true });
}

function beside(out: string): string {
  return `${out}.partial`;
}

async function entriesOf(path: string): Promise<readonly string[]> {
  return await readdir(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
}

async function recipeOf(path: string): Promise<string | undefined> {
  const text = await readFile(join(path, exportJournalName), 'utf8').catch(() => '');
  return readExportJournal(text)?.recipe;
}

/** Whether a folder is empty and not the root of a disk of its own. */
async function canBeReplaced(out: string): Promise<boolean> {
  if ((await readdir(out)).length > 0) return false;
  return (await stat(out)).dev === (await stat(dirname(out))).dev;
}

async function mergeInto(from: string, to: string): Promise<void> {
  for (const entry of (await readdir(from, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!entry.isDirectory()) await rename(source, target);
    else {
      await mkdir(target, { recursive: true });
      await mergeInto(source, target);
    }
  }
}
