import Database from 'better-sqlite3';
import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { openDatabase } from './open-database.ts';

/** Who writes a project: the process, and since when (milliseconds since 1970). */
export interface Holder {
  readonly pid: number;
  readonly since: number;
}

/** The right to write a project, until it is given back or the process ends. */
export interface ProjectLock {
  readonly release: () => void;
}

/** Where the four bytes of `user_version` stand in an SQLite file: the holder's process id. */
const pidOffset = 60;
/** How long another process may take between opening the lock file and locking it, in milliseconds. */
const patience = 250;
const attempts = 5;

/** The locks that this process holds, by the project's real path. */
const held = new Map<string, Holder>();

/**
 * Takes the right to write the project at `path` (or to make one there), or says who has it. The lock is an exclusive lock of
 * the operating system on a tiny SQLite file `PATH.lock`, so it ends with its process however that ends, and none can
 * go stale. While locked, the file's header says which process holds it.
 *
 * **Throws** what SQLite and the file system report where no lock file can be made.
 */
export function lockProject(path: string): ProjectLock | Holder {
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  // Closing any descriptor of a locked file drops POSIX locks, so this process never opens a lock file that it holds.
  const own = held.get(real);
  if (own !== undefined) return own;
  for (let attempt = 1; ; attempt++) {
    const lock = tryLock(`${real}.lock`, real);
    if (lock !== undefined) return lock;
    const holder = readHolder(`${real}.lock`);
    if (holder !== undefined) return holder;
    if (attempt === attempts) return { pid: 0, since: Date.now() };
  }
}

/** True for a lock that was taken, false for the holder of one that was not. */
export function isLock(taken: ProjectLock | Holder): taken is ProjectLock {
  return 'release' in taken;
}

/** Refuses to write a project that another writes. */
export function heldByAnother(path: string, { pid, since }: Holder): CongealError {
  const who = pid === process.pid ? 'this Congeal already' : `another Congeal${pid > 0 ? ` (process ${pid})` : ''}`;
  const message = `The project file ${path} is in use by ${who}; wait until it has finished or close it, then try again. It can be opened to look at.`;
  return new CongealError('project-locked', message, { details: { path, heldBy: { pid, since } } });
}

function tryLock(lockPath: string, real: string): ProjectLock | undefined {
  // Held open for as long as the lock, so that no other file can get its number: it tells which file was locked.
  const handle = openSync(lockPath, 'a');
  const isInPlace = (): boolean => statSync(lockPath, { throwIfNoEntry: false })?.ino === fstatSync(handle).ino;
  let database: Database.Database | undefined;
  const giveUp = (): void => {
    database?.close();
    closeSync(handle);
  };
  try {
    database = openDatabase(lockPath, { timeout: patience });
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma(`user_version = ${process.pid}`);
    // Its last holder removed the file after it was opened here: what was locked is no longer the project's lock.
    if (!isInPlace()) {
      giveUp();
      return;
    }
  } catch (error) {
    // Only SQLite writes here; anything else under this name is not a lock and may go.
    const isForeign = error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code);
    if (isForeign && isInPlace()) rmSync(lockPath, { force: true });
    giveUp();
    if (error instanceof Database.SqliteError && /^SQLITE_(BUSY|IOERR_DELETE|NOTADB|CORRUPT)/.test(error.code))
      return undefined;
    throw error;
  }
  held.set(real, { pid: process.pid, since: fstatSync(handle).mtimeMs });
  return { release: () => release({ database, handle }, lockPath, real) };
}

/** The locked database, and the handle that keeps its file's number. */
interface Locked {
  readonly database: Database.Database;
  readonly handle: number;
}

function release({ database, handle }: Locked, lockPath: string, real: string): void {
  if (!database.open) return;
  // Removed while it is still locked, so that nobody can lock a file that then goes; Windows removes only closed files.
  if (process.platform !== 'win32') rmSync(lockPath, { force: true });
  database.close();
  closeSync(handle);
  held.delete(real);
  if (process.platform === 'win32') removeUnlessOpen(lockPath);
}

function removeUnlessOpen(lockPath: string): void {
  try {
    rmSync(lockPath, { force: true });
  } catch {
    // Another process has opened it meanwhile and holds the lock now.
  }
}

function readHolder(lockPath: string): Holder | undefined {
  try {
    const handle = openSync(lockPath, 'r');
    try {
      const header = Buffer.alloc(pidOffset + 4);
      if (readSync(handle, header, 0, header.length, 0) < header.length) return undefined;
      return { pid: header.readInt32BE(pidOffset), since: statSync(lockPath).mtimeMs };
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}
