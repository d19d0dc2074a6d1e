import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { ModelId, RunId } from './ids.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';
import type { PlainData } from './runs.ts';
import { sha256 } from './sha256.ts';

/** What is known of a model besides its bytes; `facts` (inputs, outputs, what it is for) are only shown. */
interface ModelFacts {
  readonly name: string;
  readonly facts?: PlainData;
  /** Milliseconds since 1970. */
  readonly addedAt?: number;
}

/** A model that a run learned or a person imported (its ONNX bytes), or that was used (the absolute path of its file). */
export type NewModel =
  (ModelFacts & { readonly bytes: Uint8Array }) | (ModelFacts & { readonly path: string; readonly sha256: string });

/** A model as the project file knows it; `size` in bytes for one that lies in it, `path` for one that was used. */
export interface ModelRecord {
  readonly id: ModelId;
  /** The run that left it; null for one that a person imported. */
  readonly run: RunId | null;
  readonly name: string;
  readonly sha256: string;
  readonly size: number | null;
  readonly path: string | null;
  readonly facts: PlainData;
  readonly addedAt: number;
}

/** A model of a run with its bytes. */
export interface StoredModel {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
}

interface ModelRow {
  readonly id: number;
  readonly run_id: number | null;
  readonly name: string;
  readonly sha256: string;
  readonly size: number | null;
  readonly path: string | null;
  readonly facts: string;
  readonly added_at: number;
}

const columns = 'id, run_id, name, sha256, length(bytes) AS size, path, facts, added_at';
const insertOne = `INSERT INTO model (run_id, name, sha256, bytes, path, facts, added_at)
  VALUES (@run_id, @name, @sha256, @bytes, @path, @facts, @added_at)`;
const removeAll = 'DELETE FROM model WHERE run_id = ?';
const removeOne = 'DELETE FROM model WHERE id = ?';
const selectOfRun = 'SELECT name, sha256, bytes, path FROM model WHERE run_id = ? ORDER BY name';
const selectAll = `SELECT ${columns} FROM model ORDER BY id`;
const selectOne = `SELECT ${columns} FROM model WHERE id = ?`;
const selectBytes = 'SELECT bytes, sha256 FROM model WHERE id = ?';

/** Replaces a run's models. **Throws** as `writing`. */
export function saveModels(project: Project, run: RunId, models: readonly NewModel[]): void {
  writing(project, () => {
    prepare(project, removeAll).run(run);
    for (const model of models) insert(project, run, model);
  });
}

/** Adds a model that a person imported. **Throws** as `writing`. */
export function addModel(project: Project, model: NewModel): ModelId {
  return writing(project, () => insert(project, null, model));
}

/** Removes a model from the project. Gives whether there was one of that id. **Throws** as `writing`. */
export function removeModel(project: Project, id: ModelId): boolean {
  return writing(project, () => prepare(project, removeOne).run(id).changes > 0);
}

/** A run's models, by name. **Throws** as `reading`. */
export function listModels(project: ProjectReader, run: RunId): readonly StoredModel[] {
  return reading(project, () =>
    prepare<[RunId], StoredModel>(project, selectOfRun)
      .all(run)
      .map((row) => ({ ...row, path: toPath(project, row.path) })),
  );
}

/** Every model of the project without its bytes, by id. **Throws** as `reading`. */
export function listAllModels(project: ProjectReader): readonly ModelRecord[] {
  return reading(project, () =>
    prepare<[], ModelRow>(project, selectAll)
      .all()
      .map((row) => toModel(project, row)),
  );
}

/** One model without its bytes, or undefined. **Throws** as `reading`. */
export function findModel(project: ProjectReader, id: ModelId): ModelRecord | undefined {
  const row = reading(project, () => prepare<[ModelId], ModelRow>(project, selectOne).get(id));
  return row === undefined ? undefined : toModel(project, row);
}

/** The bytes of a model that lies in the project; undefined where they are not what was saved. **Throws** as `reading`. */
export function loadModel(project: ProjectReader, id: ModelId): Uint8Array | undefined {
  const row = reading(project, () =>
    prepare<[ModelId], { bytes: Uint8Array | null; sha256: string }>(project, selectBytes).get(id),
  );
  if (row === undefined || row.bytes === null) return undefined;
  return sha256(row.bytes) === row.sha256 ? row.bytes : undefined;
}

function insert(project: Project, run: RunId | null, model: NewModel): ModelId {
  const own = 'bytes' in model;
  const row = {
    run_id: run,
    name: model.name,
    sha256: own ? sha256(model.bytes) : model.sha256,
    bytes: own ? model.bytes : null,
    path: own ? null : toStoredPath(project.path, model.path),
    facts: JSON.stringify(model.facts ?? {}),
    added_at: model.addedAt ?? Date.now(),
  };
  return Number(prepare(project, insertOne).run(row).lastInsertRowid) as ModelId;
}

function toPath(project: ProjectReader, stored: string | null): string | null {
  return stored === null ? null : fromStoredPath(project.path, stored);
}

function toModel(project: ProjectReader, row: ModelRow): ModelRecord {
  return {
    id: row.id as ModelId,
    run: row.run_id as RunId | null,
    name: row.name,
    sha256: row.sha256,
    size: row.size,
    path: toPath(project, row.path),
    facts: JSON.parse(row.facts) as PlainData,
    addedAt: row.added_at,
  };
}
