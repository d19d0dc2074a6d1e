import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';

/** What an export run has written. */
export interface StoredExport {
  /** The run that exported, and the one whose results it wrote (null where that was deleted). */
  readonly run: RunId;
  readonly source: RunId | null;
  readonly format: string;
  /** Absolute path. */
  readonly folder: string;
  readonly images: number;
  readonly bytes: number;
  readonly manifestSha256: string | null;
}

interface ExportRow {
  readonly run_id: number;
  readonly source_run_id: number | null;
  readonly format: string;
  readonly folder: string;
  readonly images: number;
  readonly bytes: number;
  readonly manifest_sha256: string | null;
}

const columns = 'run_id, source_run_id, format, folder, images, bytes, manifest_sha256';
const insertOne = `INSERT INTO export (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const removeOne = 'DELETE FROM export WHERE run_id = ?';
const selectAll = `SELECT ${columns} FROM export ORDER BY run_id DESC`;

/** Records what an export run has written. **Throws** as `writing`. */
export function saveExport(project: Project, written: StoredExport): void {
  const { run, source, format, folder, images, bytes, manifestSha256 } = written;
  writing(project, () => {
    prepare(project, removeOne).run(run);
    const stored = toStoredPath(project.path, folder);
    prepare(project, insertOne).run(run, source, format, stored, images, bytes, manifestSha256);
  });
}

/** Everything that was exported, latest first. **Throws** as `reading`. */
export function listExports(project: ProjectReader): readonly StoredExport[] {
  return reading(project, () =>
    prepare<[], ExportRow>(project, selectAll)
      .all()
      .map((row) => toExport(project, row)),
  );
}

function toExport(project: ProjectReader, row: ExportRow): StoredExport {
  return {
    run: row.run_id as RunId,
    source: row.source_run_id as RunId | null,
    format: row.format,
    folder: fromStoredPath(project.path, row.folder),
    images: row.images,
    bytes: row.bytes,
    manifestSha256: row.manifest_sha256,
  };
}
