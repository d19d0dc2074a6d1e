import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isLock, lockProject } from './project-lock.ts';

/** What a project file is called while it is made or copied: the number is that of the process that does so. */
const halfMade = /\.congeal\.(?:new|partial)-([1-9]\d{0,9})(?:-journal)?$/;

const lockName = /^(.+\.congeal)\.lock$/;

/**
 * Removes from a folder what processes left half made there that are gone: they were killed while they made a project or
 * a copy of one. Not for folders of other machines, whose processes nobody here knows. What cannot be removed stays.
 */
export function removeLeftHalves(folder: string): void {
  for (const name of namesIn(folder)) {
    const project = lockName.exec(name)?.[1];
    if (project !== undefined && !existsSync(join(folder, project))) removeFreeLock(join(folder, project));
    const pid = halfMade.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    removeFile(join(folder, name));
  }
}

/** The lock of a project that never came to be: whoever can take it may take it away, which giving it back does. */
function removeFreeLock(project: string): void {
  try {
    const lock = lockProject(project);
    if (isLock(lock)) lock.release();
  } catch {
    /* It stands in a folder that cannot be written. */
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A process that may not be asked is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function removeFile(path: string): void {
  try {
    if (lstatSync(path).isFile()) rmSync(path, { force: true });
  } catch {
    /* It is gone, or stands in a folder that cannot be written. */
  }
}
