import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';

/** What a run does. */
export type RunKind = 'import' | 'find' | 'align' | 'learn' | 'apply' | 'export';

/** Where a run stands; 'interrupted' and 'paused' can go on. */
export type RunStatus = 'queued' | 'running' | 'paused' | 'interrupted' | 'cancelled' | 'failed' | 'done';

/** Plain data that survives JSON. */
export type PlainData = Readonly<Record<string, unknown>>;

/** What is recorded when a run begins. `startedAt` in milliseconds since 1970. */
export interface NewRun {
  readonly kind: RunKind;
  readonly options: PlainData;
  readonly seed: number;
  readonly stage: string;
  /** Versions of the program and of what it computes with, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly startedAt: number;
  /** The run whose results (and corrections) it begins from. */
  readonly parent?: RunId | null;
}

/** A run as the project file knows it. */
export interface Run extends NewRun {
  readonly id: RunId;
  readonly status: RunStatus;
  readonly finishedAt: number | null;
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly parent: RunId | null;
  /** What was last said about how far it is, to be shown. */
  readonly progress: PlainData | null;
  /** What it said at its end (figures, files), to be shown. */
  readonly result: PlainData | null;
}

/** How a run ended. `finishedAt` in milliseconds since 1970. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, 'queued' | 'running' | 'paused'>;
  readonly finishedAt: number;
  readonly failure?: { readonly code: string; readonly reason: string };
  readonly result?: PlainData;
}

interface RunRow {
  readonly id: number;
  readonly kind: RunKind;
  readonly options: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly stage: string;
  readonly versions: string;
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly failure_code: string | null;
  readonly failure_reason: string | null;
  readonly parent_id: number | null;
  readonly progress: string | null;
  readonly result: string | null;
}

const columns = `id, kind, options, seed, status, stage, versions, started_at, finished_at, failure_code, failure_reason,
  parent_id, progress, result`;
const insertOne = `INSERT INTO run (kind, options, seed, status, stage, versions, started_at, parent_id)
  VALUES (@kind, @options, @seed, @status, @stage, @versions, @started_at, @parent_id)`;
const selectAll = `SELECT ${columns} FROM run ORDER BY id`;
const selectOne = `SELECT ${columns} FROM run WHERE id = ?`;
const selectResumable = `SELECT ${columns} FROM run WHERE status = 'interrupted' AND kind = ? ORDER BY id DESC LIMIT 1`;
const interruptAll = `UPDATE run SET status = 'interrupted' WHERE status IN ('running', 'queued', 'paused')`;
const statusOne = 'UPDATE run SET status = ? WHERE id = ?';
const progressOne = 'UPDATE run SET progress = ? WHERE id = ?';
const removeOne = 'DELETE FROM run WHERE id = ?';
const restartOne = `UPDATE run SET status = 'running', finished_at = NULL, failure_code = NULL, failure_reason = NULL
  WHERE id = ?`;
const stageOne = `UPDATE run SET stage = ? WHERE id = ?`;
const endOne = `UPDATE run SET status = @status, finished_at = @finished_at, failure_code = @failure_code,
    failure_reason = @failure_reason, result = @result WHERE id = @id`;

/** Records that a run begins. **Throws** as `writing`. */
export function startRun(project: Project, run: NewRun): RunId {
  return insertRun(project, run, 'running');
}

/** Records a run that waits for its turn. **Throws** as `writing`. */
export function queueRun(project: Project, run: NewRun): RunId {
  return insertRun(project, run, 'queued');
}

/** Records that a run began, waits, pauses or was interrupted; `endRun` records its end. **Throws** as `writing`. */
export function setRunStatus(
  project: Project,
  id: RunId,
  status: 'queued' | 'running' | 'paused' | 'interrupted',
): void {
  writing(project, () => prepare<[string, RunId]>(project, statusOne).run(status, id));
}

/** Remembers what was last said about how far a run is. **Throws** as `writing`. */
export function setRunProgress(project: Project, id: RunId, progress: PlainData): void {
  writing(project, () => prepare<[string, RunId]>(project, progressOne).run(JSON.stringify(progress), id));
}

/** Forgets a run with everything that it left, corrections of it included. **Throws** as `writing`. */
export function removeRun(project: Project, id: RunId): void {
  writing(project, () => prepare<[RunId]>(project, removeOne).run(id));
}

/** Records that an interrupted run goes on. **Throws** as `writing`. */
export function restartRun(project: Project, id: RunId): void {
  writing(project, () => prepare<[RunId]>(project, restartOne).run(id));
}

/** Records which stage a run has reached. **Throws** as `writing`. */
export function setRunStage(project: Project, id: RunId, stage: string): void {
  writing(project, () => prepare<[string, RunId]>(project, stageOne).run(stage, id));
}

/** Records how a run ended. **Throws** as `writing`. */
export function endRun(project: Project, id: RunId, end: RunEnd): void {
  writing(project, () =>
    prepare(project, endOne).run({
      id,
      status: end.status,
      finished_at: end.finishedAt,
      failure_code: end.failure?.code ?? null,
      failure_reason: end.failure?.reason ?? null,
      result: end.result === undefined ? null : JSON.stringify(end.result),
    }),
  );
}

/**
 * Marks runs that are recorded as running or waiting but belong to a process that has died; call it after opening, before
 * starting any. Gives how many there were. **Throws** as `writing`.
 */
export function interruptAbandonedRuns(project: Project): number {
  return writing(project, () => prepare(project, interruptAll).run().changes);
}

/** Every run, oldest first. **Throws** as `reading`. */
export function listRuns(project: ProjectReader): readonly Run[] {
  return reading(project, () => prepare<[], RunRow>(project, selectAll).all().map(toRun));
}

/** One run, or undefined where there is none of that id. **Throws** as `reading`. */
export function findRun(project: ProjectReader, id: RunId): Run | undefined {
  const row = reading(project, () => prepare<[RunId], RunRow>(project, selectOne).get(id));
  return row === undefined ? undefined : toRun(row);
}

/** The latest interrupted run of a kind, or undefined. **Throws** as `reading`. */
export function findResumableRun(project: ProjectReader, kind: RunKind): Run | undefined {
  const row = reading(project, () => prepare<[RunKind], RunRow>(project, selectResumable).get(kind));
  return row === undefined ? undefined : toRun(row);
}

function insertRun(project: Project, run: NewRun, status: RunStatus): RunId {
  const row = {
    kind: run.kind,
    options: JSON.stringify(run.options),
    seed: run.seed,
    status,
    stage: run.stage,
    versions: JSON.stringify(run.versions),
    started_at: run.startedAt,
    parent_id: run.parent ?? null,
  };
  return writing(project, () => Number(prepare(project, insertOne).run(row).lastInsertRowid) as RunId);
}

function toRun(row: RunRow): Run {
  return {
    id: row.id as RunId,
    kind: row.kind,
    options: JSON.parse(row.options) as PlainData,
    seed: row.seed,
    status: row.status,
    stage: row.stage,
    versions: JSON.parse(row.versions) as Readonly<Record<string, string>>,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    failure: row.failure_code === null ? null : { code: row.failure_code, reason: row.failure_reason ?? '' },
    parent: row.parent_id as RunId | null,
    progress: toData(row.progress),
    result: toData(row.result),
  };
}

function toData(json: string | null): PlainData | null {
  return json === null ? null : (JSON.parse(json) as PlainData);
}
