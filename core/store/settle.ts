import Database from 'better-sqlite3';

/** How long what was written may stay in the log alone, in milliseconds. */
const delay = 200;

const waiting = new WeakSet<Database.Database>();

/**
 * Brings what was written into the project file itself a little later, at once for all that is written until then, and
 * empties the log. So a file that is moved or copied without its log, also after its process was killed, has everything.
 * Where another process reads just then, the next write asks again.
 */
export function settleSoon(database: Database.Database): void {
  if (waiting.has(database)) return;
  waiting.add(database);
  setTimeout(() => {
    waiting.delete(database);
    settle(database);
  }, delay).unref();
}

function settle(database: Database.Database): void {
  if (!database.open) return;
  const patience = database.pragma('busy_timeout', { simple: true }) as number;
  try {
    // Nobody waits for a reader: what cannot be emptied now is only copied.
    database.pragma('busy_timeout = 0');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // The log still has everything; a disk that fails is reported by the next write.
    if (!(error instanceof Database.SqliteError)) throw error;
  } finally {
    database.pragma(`busy_timeout = ${patience}`);
  }
}
