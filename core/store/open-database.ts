import Database from 'better-sqlite3';
import { CongealError } from '../contract/errors.ts';

/**
 * Opens an SQLite database: a file's path, or the bytes of one.
 *
 * **Throws** CongealError `part-missing` where SQLite's native part cannot be loaded, and what SQLite throws.
 */
export function openDatabase(source: string | Buffer, options: Database.Options = {}): Database.Database {
  try {
    return new Database(source, options);
  } catch (cause) {
    if (cause instanceof Database.SqliteError || !isOfTheBinding(cause)) throw cause;
    const [reason] = cause.message.trim().split('\n');
    throw new CongealError(
      'part-missing',
      `better-sqlite3: It cannot be loaded, so no project can be kept: ${reason.replace(/[.:]+$/, '')}. Run npm ci again.`,
      { cause, details: { part: 'better-sqlite3', reason } },
    );
  }
}

/** Whether the native part was not found, or was built for another machine or version of Node. */
function isOfTheBinding(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(ERR_DLOPEN_FAILED|MODULE_NOT_FOUND)$/.test(String(error.code));
}
