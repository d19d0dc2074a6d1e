import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';

/** How often a file was in the hands of a worker that died, and how it died last. */
export interface Strike {
  /** Absolute path. */
  readonly path: string;
  readonly count: number;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

interface StrikeRow {
  readonly path: string;
  readonly count: number;
  readonly reason: string;
  readonly last_at: number;
}

const upsertOne = `INSERT INTO strike (path, count, reason, last_at) VALUES (?, 1, ?, ?)
  ON CONFLICT (path) DO UPDATE SET count = count + 1, reason = excluded.reason, last_at = excluded.last_at
  RETURNING count`;
const selectAll = 'SELECT path, count, reason, last_at FROM strike ORDER BY path';
const removeOne = 'DELETE FROM strike WHERE path = ?';

/** Counts a worker's death against a file and gives how many there are now. **Throws** as `writing`. */
export function addStrike(project: Project, path: string, reason: string, lastAt: number): number {
  const stored = toStoredPath(project.path, path);
  return writing(
    project,
    () => prepare<unknown[], { count: number }>(project, upsertOne).get(stored, reason, lastAt)?.count ?? 0,
  );
}

/** Every file that a worker died over, by stored path. **Throws** as `reading`. */
export function listStrikes(project: ProjectReader): readonly Strike[] {
  return reading(project, () =>
    prepare<[], StrikeRow>(project, selectAll)
      .all()
      .map((row) => toStrike(project, row)),
  );
}

/** Forgives a file: it is tried again. **Throws** as `writing`. */
export function removeStrikes(project: Project, path: string): void {
  const stored = toStoredPath(project.path, path);
  writing(project, () => prepare(project, removeOne).run(stored));
}

function toStrike(project: ProjectReader, row: StrikeRow): Strike {
  const { path, count, reason, last_at: lastAt } = row;
  return { path: fromStoredPath(project.path, path), count, reason, lastAt };
}
