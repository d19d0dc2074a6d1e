import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CongealError } from '../contract/errors.ts';

/** Names of the project file inside an output folder. */
export const projectFileName = 'project.congeal';

/** Turns a file system error while writing into one that says what to do; anything else is returned as it is. */
export function explainWriteError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new CongealError(
        'disk-full',
        `The disk is full: ${path} could not be written. What was finished before is kept; make room and run the command again.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CongealError(
        'output-unwritable',
        `${path} cannot be written (${code}). Choose another --out folder or change its permissions.`,
        { cause: error },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new CongealError('output-unwritable', `${path} is in the way: it is not a folder. Choose another --out.`, {
        cause: error,
      });
    default:
      return error;
  }
}

/** How an output folder may be met. */
export interface OutputManners {
  readonly force: boolean;
  readonly resume: boolean;
}

async function entriesOf(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw explainWriteError(error, path);
  }
}

/**
 * Makes sure that results may go into a folder: creates it, refuses one that is not empty unless forced or resumed.
 *
 * **Throws** CongealError `output-not-empty` or `output-unwritable`.
 */
export async function prepareOutput(path: string, { force, resume }: OutputManners): Promise<void> {
  const entries = await entriesOf(path);
  if (entries.length > 0 && !force && !resume) {
    const project = entries.includes(projectFileName)
      ? ' It holds an earlier run: add --resume to go on with one that was interrupted, or --force to start over.'
      : ' Choose another folder, or add --force to write into it.';
    throw new CongealError(
      'output-not-empty',
      `The output folder ${path} is not empty (${entries.length} entries).${project}`,
    );
  }
  try {
    await mkdir(path, { recursive: true });
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(path, constants.W_OK);
  } catch (error) {
    throw explainWriteError(error, path);
  }
}

/**
 * Writes a whole file or nothing: into a temporary neighbour first, flushed, then renamed over.
 *
 * **Throws** CongealError `disk-full` or `output-unwritable`.
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
