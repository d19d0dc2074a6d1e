import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { nameBackups } from './backup.ts';
import { syncFile, syncFolder } from './durable.ts';
import { heldByAnother, isLock, lockProject } from './project-lock.ts';
import { closeProject, openProject } from './project-file.ts';
import { translateSqliteError } from './sqlite-errors.ts';
import { explainWriteError } from './write-errors.ts';

/** What may stand beside a project file and belongs to it: what was not yet written into it. */
const logs = ['-wal', '-journal'] as const;

/**
 * Moves a damaged project file out of the way as `NAME.corrupt-N.congeal`, with what was not yet written into it, and
 * gives its new path. Nothing is deleted, and nothing happens unless it is asked for.
 *
 * **Throws** 'input-missing' (no such file), 'project-locked', 'output-unwritable', 'disk-full', 'disk-failed'; then it is where it was.
 */
export function setAsideDamaged(path: string): string {
  return exclusively(path, () => {
    const target = nameBeside(path);
    dropLogs(path);
    rmSync(path);
    syncFolder(path);
    return target;
  });
}

/**
 * Puts a backup copy in a project's place, after setting aside what is there. The backup itself stays.
 *
 * **Throws** as `setAsideDamaged`, and 'project-invalid', 'project-newer' where the backup is no better.
 */
export function restoreBackup(path: string, backup: string): { readonly setAside: string } {
  if (!nameBackups(path).includes(backup)) {
    const message = `${backup} is not a backup copy of ${path}; choose one of them.`;
    throw new CongealError('input-missing', message, { details: { path, backup, backups: nameBackups(path) } });
  }
  closeProject(openProject(backup, { readOnly: true }));
  return exclusively(path, () => {
    const partial = `${path}.restoring`;
    copyFileSync(backup, partial);
    syncFile(partial);
    const setAside = nameBeside(path);
    dropLogs(path);
    renameSync(partial, path);
    syncFolder(path);
    return { setAside };
  });
}

function exclusively<Result>(path: string, work: () => Result): Result {
  if (!existsSync(path))
    throw new CongealError('input-missing', `There is no project file ${path}.`, { details: { path } });
  let lock: ReturnType<typeof lockProject> | undefined;
  try {
    lock = lockProject(path);
    if (!isLock(lock)) throw heldByAnother(path, lock);
    return work();
  } catch (error) {
    throw explainWriteError(translateSqliteError(error, path), path);
  } finally {
    if (lock !== undefined && isLock(lock)) {
      rmSync(`${path}.restoring`, { force: true });
      lock.release();
    }
  }
}

/**
 * Gives what is there a second name, with the logs that belong to it: whatever happens next, all of it stays. It keeps its
 * own name too, so that a disk that refuses the rest leaves the project where it was.
 */
function nameBeside(path: string): string {
  const extension = extname(path);
  const name = path.slice(0, path.length - extension.length);
  let target = `${name}.corrupt-1${extension}`;
  for (let count = 2; existsSync(target); count++) target = `${name}.corrupt-${count}${extension}`;
  const suffixes = ['', ...logs].filter((suffix) => existsSync(path + suffix));
  try {
    for (const suffix of suffixes) linkOrCopy(path + suffix, target + suffix);
    syncFolder(target);
  } catch (error) {
    for (const suffix of suffixes) rmSync(target + suffix, { force: true });
    throw error;
  }
  return target;
}

/** Some disks have no links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
    syncFile(to);
  }
}

/** A log beside a file that is not its own would be read into it. The shared memory is only an index of the log. */
function dropLogs(path: string): void {
  for (const suffix of [...logs, '-shm']) rmSync(path + suffix, { force: true });
}
