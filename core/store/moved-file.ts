import type Database from 'better-sqlite3';
import { existsSync, rmSync, statSync } from 'node:fs';
import { CongealError } from '../contract/errors.ts';

/** Which file stands at a path; undefined where there is none. Windows lets nobody move a file that is open. */
export function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}

interface Place {
  readonly path: string;
  readonly file: string | undefined;
}

const places = new WeakMap<Database.Database, Place>();

/** Remembers which file an open database is. Not for disks of other machines, whose numbers for files may change. */
export function rememberPlace(database: Database.Database, path: string): void {
  places.set(database, { path, file: fileAt(path) });
}

/**
 * Refuses to write into a project file that was moved or deleted while it was open: its log would stay behind under the
 * old name. What was written before is brought into the file itself, wherever it is now.
 *
 * **Throws** 'input-missing'.
 */
export function refuseMoved(database: Database.Database): void {
  const place = leftPlace(database);
  if (place === undefined) return;
  database.pragma('wal_checkpoint(TRUNCATE)');
  throw new CongealError(
    'input-missing',
    `The project file ${place.path} was moved, renamed or deleted while it was open, so nothing more can be kept in it. ` +
      'What was done before is in the file where it is now: close the project here and open that file, or put it back.',
    { details: { path: place.path } },
  );
}

/** Closes a database; one whose file was moved takes with it what was written, and leaves nothing under the old name. */
export function closeInPlace(database: Database.Database): void {
  const place = database.open ? leftPlace(database) : undefined;
  if (place === undefined) {
    database.close();
    return;
  }
  let log: { readonly busy: number } | undefined;
  try {
    [log] = database.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
  } finally {
    database.close();
  }
  if (log.busy === 0 && !existsSync(place.path))
    for (const suffix of ['-wal', '-shm']) rmSync(place.path + suffix, { force: true });
}

/** Where a database was opened, if its file is no longer there. */
function leftPlace(database: Database.Database): Place | undefined {
  const place = places.get(database);
  return place === undefined || fileAt(place.path) === place.file ? undefined : place;
}
