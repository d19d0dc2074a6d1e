import Database from 'better-sqlite3';
import { CongealError, type ErrorCode } from '../contract/errors.ts';

/** What SQLite reports (by the start of its code), as one of ours, with what the person can do. First match wins. */
const translations: readonly (readonly [prefix: string, code: ErrorCode, what: string])[] = [
  [
    'SQLITE_BUSY',
    'project-locked',
    'is in use by another Congeal; wait until it has finished or close it, then try again',
  ],
  [
    'SQLITE_LOCKED',
    'project-locked',
    'is in use by another Congeal; wait until it has finished or close it, then try again',
  ],
  ['SQLITE_NOTADB', 'project-invalid', 'is not a Congeal project: expected an SQLite database; choose another file'],
  ['SQLITE_CORRUPT', 'project-invalid', 'is damaged; keep it, and go on from a backup copy if there is one'],
  ['SQLITE_FULL', 'disk-full', 'cannot grow because the disk is full; free some space and try again'],
  ['SQLITE_READONLY', 'output-unwritable', 'cannot be written; check the permissions of the file and its folder'],
  ['SQLITE_PERM', 'output-unwritable', 'cannot be written; check the permissions of the file and its folder'],
  [
    'SQLITE_CANTOPEN',
    'output-unwritable',
    'cannot be opened; check the permissions of the file and its folder, and the space on the disk',
  ],
  [
    'SQLITE_IOERR',
    'disk-failed',
    'cannot be read or written: the disk reported an error; check it and its connection, then try again',
  ],
];

/** Turns what SQLite reports about the file at `path` into a CongealError; bugs (constraints, bad SQL) come back as they are. */
export function translateSqliteError(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  const found = translations.find(([prefix]) => code.startsWith(prefix));
  if (found === undefined) return error;
  return new CongealError(found[1], `The project file ${path} ${found[2]} (SQLite: ${error.message}).`, {
    cause: error,
    details: { path, sqlite: code },
  });
}
