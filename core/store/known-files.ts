import { prepare, reading, type ProjectReader } from './database.ts';
import type { ImageId } from './ids.ts';
import { fromStoredPath } from './project-paths.ts';

/** What tells whether a file must be read again. */
export interface KnownFile {
  readonly id: ImageId;
  /** Absolute path. */
  readonly path: string;
  readonly bytes: number;
  /** When the file was last written, in milliseconds since 1970. */
  readonly modifiedAt: number | null;
  readonly sha256: string | null;
  /** Null for a file that could be read. */
  readonly failureCode: string | null;
  /** A person has taken it out of the collection. */
  readonly removed: boolean;
}

interface KnownFileRow {
  readonly id: number;
  readonly path: string;
  readonly bytes: number;
  readonly modified_at: number | null;
  readonly sha256: string | null;
  readonly failure_code: string | null;
  readonly removed: 0 | 1;
}

const selectPage = `SELECT id, path, bytes, modified_at, sha256, failure_code, removed_at IS NOT NULL AS removed
  FROM image WHERE id > ? ORDER BY id LIMIT ?`;

/** Every image ever recorded, by id, `limit` at a time after `after` (0 to begin). **Throws** as `reading`. */
export function pageKnownFiles(project: ProjectReader, after: number, limit: number): readonly KnownFile[] {
  return reading(project, () =>
    prepare<[number, number], KnownFileRow>(project, selectPage)
      .all(after, limit)
      .map((row) => toKnownFile(project, row)),
  );
}

function toKnownFile(project: ProjectReader, row: KnownFileRow): KnownFile {
  return {
    id: row.id as ImageId,
    path: fromStoredPath(project.path, row.path),
    bytes: row.bytes,
    modifiedAt: row.modified_at,
    sha256: row.sha256,
    failureCode: row.failure_code,
    removed: row.removed === 1,
  };
}
