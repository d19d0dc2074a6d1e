import Database from 'better-sqlite3';

/** So long after the last write the log is emptied, in milliseconds; */
const quiet = 200;
/** while writes go on without such a pause, so long after the first of them. */
const longest = 2000;

interface Waiting {
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

const waiting = new WeakMap<Database.Database, Waiting>();

/**
 * Brings what was written into the project file itself a little later, at once for all that is written until then, and
 * empties the log. So a file that is moved or copied without its log, also after its process was killed, has everything.
 * Where another process reads just then, the next write asks again.
 */
export function settleSoon(database: Database.Database): void {
  const known = waiting.get(database);
  if (known !== undefined) {
    if (performance.now() - known.since < longest) known.timer.refresh();
    return;
  }
  const timer = setTimeout(() => {
    waiting.delete(database);
    settle(database);
  }, quiet).unref();
  waiting.set(database, { since: performance.now(), timer });
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
