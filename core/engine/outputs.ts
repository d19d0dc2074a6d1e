import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { explainWriteError } from '../store/write-errors.ts';

/** Names of the project file inside an output folder. */
export const projectFileName = 'project.congeal';

/** Name of the folder within an output folder in which something is built first; alone it does not make that one full. */
export const partialWithin = '.partial';

/** How an output folder may be met. */
export interface OutputManners {
  /** Whether to write into a folder that is not empty; absent where whoever asks cannot say so. */
  readonly force?: boolean;
  /** Whether to go on with the run in it; absent where that cannot be asked for. */
  readonly resume?: boolean | undefined;
}

async function entriesOf(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw explainWriteError(error, path);
  }
}

/** What an output folder was like before it was made ready. */
export interface ReadyOutput {
  /** The folders that were not there and are now, the outermost first: the output folder is the last of them, or there are none. */
  readonly made: readonly string[];
}

/**
 * Makes sure that results may go into a folder: creates it, refuses one that is not empty unless it is forced or holds
 * a run to resume.
 *
 * **Throws** CongealError `output-not-empty`, `output-unwritable` or `checkpoint-missing`.
 */
export async function prepareOutput(path: string, { force, resume }: OutputManners): Promise<ReadyOutput> {
  const entries = (await entriesOf(path)).filter(
    (name) => name !== partialWithin && !name.startsWith(`${projectFileName}.new-`),
  );
  const holdsRun = entries.includes(projectFileName);
  if (entries.length > 0 && force !== true && !(resume === true && holdsRun))
    throw notEmpty(path, entries.length, { holdsRun, resume, mayForce: force !== undefined });
  const made: string[] = [];
  try {
    await makeFolder(path, made);
    await access(path, constants.W_OK);
    return { made };
  } catch (error) {
    await removeMade(made);
    throw explainWriteError(error, path);
  }
}

interface Found {
  readonly holdsRun: boolean;
  readonly resume: boolean | undefined;
  readonly mayForce: boolean;
}

function notEmpty(path: string, count: number, { holdsRun, resume, mayForce }: Found): Error {
  if (resume === true)
    return new CongealError(
      'checkpoint-missing',
      `There is no run to go on with in ${path}: it holds no ${projectFileName}. Check --out, or leave out --resume.`,
    );
  const advice = !mayForce
    ? 'Choose another folder.'
    : holdsRun && resume !== undefined
      ? 'It holds an earlier run: add --resume to go on with one that was interrupted, or --force to start over.'
      : 'Choose another folder, or add --force to write into it.';
  return new CongealError('output-not-empty', `The output folder ${path} is not empty (${count} entries). ${advice}`);
}

/** Takes away the folders that were made for something that came to nothing; those that hold anything stay. */
export async function removeMade(made: readonly string[]): Promise<void> {
  for (const folder of made.toReversed()) await rmdir(folder).catch(() => undefined);
}

/**
 * Makes a folder and the folders above it, and notes those that it had to make.
 *
 * Not `mkdir` with `recursive`: where a file system answers "no such file" for a folder whose parent is there, as
 * `/proc` does, Node tries again for ever.
 */
async function makeFolder(path: string, made: string[]): Promise<void> {
  const before = made.length;
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path), made);
    if (made.length === before) throw error;
    await mkdir(path);
  }
  made.push(path);
}

/**
 * Refuses to write where originals lie: they are never replaced, not even by force.
 *
 * **Throws** CongealError `usage` that names the original.
 */
export async function refuseOriginals(targets: readonly string[], originals: readonly string[]): Promise<void> {
  const identity = async (path: string) => {
    const found = await stat(path).catch(() => undefined);
    return found === undefined ? undefined : `${found.dev} ${found.ino}`;
  };
  const existing = new Map<string, string>();
  for (const target of targets) {
    const found = await identity(target);
    if (found !== undefined) existing.set(found, target);
  }
  if (existing.size === 0) return;
  for (const original of originals) {
    const found = await identity(original);
    if (found !== undefined && existing.has(found))
      throw new CongealError(
        'usage',
        `${original} is an original and would be overwritten. Choose another output folder.`,
      );
  }
}

/**
 * Writes a whole file or nothing: into a temporary neighbour first, flushed, then renamed over.
 *
 * **Throws** CongealError `disk-full`, `disk-failed` or `output-unwritable`.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.partial`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explainWriteError(error, path);
  }
}
