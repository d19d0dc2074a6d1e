import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';
import { sha256 } from './sha256.ts';

/** A model that a run learned (its ONNX bytes) or used (the absolute path of its file). */
export type NewModel =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly path: string; readonly sha256: string };

/** A model as the project file knows it; `bytes` for one that was learned, `path` for one that was used. */
export interface StoredModel {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
}

const insertOne = 'INSERT INTO model (run_id, name, sha256, bytes, path) VALUES (?, ?, ?, ?, ?)';
const removeAll = 'DELETE FROM model WHERE run_id = ?';
const selectAll = 'SELECT name, sha256, bytes, path FROM model WHERE run_id = ? ORDER BY name';

/** Replaces a run's models. **Throws** as `writing`. */
export function saveModels(project: Project, run: RunId, models: readonly NewModel[]): void {
  writing(project, () => {
    prepare(project, removeAll).run(run);
    for (const model of models) {
      if ('bytes' in model) prepare(project, insertOne).run(run, model.name, sha256(model.bytes), model.bytes, null);
      else prepare(project, insertOne).run(run, model.name, model.sha256, null, toStoredPath(project.path, model.path));
    }
  });
}

/** A run's models, by name. **Throws** as `reading`. */
export function listModels(project: ProjectReader, run: RunId): readonly StoredModel[] {
  return reading(project, () =>
    prepare<[RunId], StoredModel>(project, selectAll)
      .all(run)
      .map((row) => toModel(project, row)),
  );
}

function toModel(project: ProjectReader, row: StoredModel): StoredModel {
  return { ...row, path: row.path === null ? null : fromStoredPath(project.path, row.path) };
}
