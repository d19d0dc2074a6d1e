import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { explainWriteError } from './outputs.ts';

/** What a dataset in the making may hold; a folder with anything else in it is not ours. */
const ours: ReadonlySet<string> = new Set(['images', 'metadata.jsonl', '.metadata.jsonl.partial']);

/**
 * Makes an empty folder in which a dataset is built: beside an empty target, so that it can take its place by a rename,
 * otherwise within the target. What an interrupted export left there is removed.
 *
 * **Throws** CongealError `output-not-empty` when a folder of that name holds anything else, `output-unwritable`, `disk-full`.
 */
export async function makePartial(out: string): Promise<string> {
  try {
    const path = (await canBeReplaced(out)) ? `${out}.partial` : join(out, '.partial');
    const found = await readdir(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const strange = found.find((name) => !ours.has(name));
    if (strange !== undefined)
      throw new CongealError(
        'output-not-empty',
        `${path} is needed for the export but holds '${strange}'. Move it away.`,
      );
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
    return path;
  } catch (error) {
    throw explainWriteError(error, out);
  }
}

/** Puts a finished folder in the place of an empty one, or its entries over those of one that is not; its list comes last. */
export async function moveOver(partial: string, out: string): Promise<void> {
  if (dirname(partial) === dirname(out)) {
    await rmdir(out);
    await rename(partial, out);
    return;
  }
  await mergeInto(partial, out);
  await rm(partial, { recursive: true, force: true });
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
