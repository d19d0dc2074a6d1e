import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { nameBackups } from './backup.ts';
import { syncFile, syncFolder } from './durable.ts';
import { heldByAnother, isLock, lockProject } from './project-lock.ts';
import { closeProject, openProject } from './project-file.ts';

/**
 * Moves a damaged project file out of the way as `NAME.corrupt-N.congeal`, with what was not yet written into it, and
 * gives its new path. Nothing is deleted, and nothing happens unless it is asked for.
 *
 * **Throws** 'input-missing' (no such file), 'project-locked', 'output-unwritable'.
 */
export function setAsideDamaged(path: string): string {
  return exclusively(path, () => moveAside(path));
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
    const setAside = moveAside(path);
    renameSync(partial, path);
    syncFolder(path);
    return { setAside };
  });
}

function exclusively<Result>(path: string, work: () => Result): Result {
  if (!existsSync(path))
    throw new CongealError('input-missing', `There is no project file ${path}.`, { details: { path } });
  const lock = lockProject(path);
  if (!isLock(lock)) throw heldByAnother(path, lock);
  try {
    return work();
  } catch (error) {
    if (error instanceof CongealError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const message = `Files beside ${path} cannot be moved or written (${code}); check the permissions of the folder and the space on the disk.`;
    throw new CongealError(code === 'ENOSPC' ? 'disk-full' : 'output-unwritable', message, { cause: error });
  } finally {
    rmSync(`${path}.restoring`, { force: true });
    lock.release();
  }
}

function moveAside(path: string): string {
  const extension = extname(path);
  const name = path.slice(0, path.length - extension.length);
  let target = `${name}.corrupt-1${extension}`;
  for (let count = 2; existsSync(target); count++) target = `${name}.corrupt-${count}${extension}`;
  renameSync(path, target);
  // The log belongs to the file: together they are what was there. The shared memory is only an index of it.
  for (const suffix of ['-wal', '-journal']) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  rmSync(`${path}-shm`, { force: true });
  syncFolder(path);
  return target;
}
