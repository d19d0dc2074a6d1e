import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';

/** What a run does. */
export type RunKind = 'find' | 'align' | 'apply' | 'export';

/** Where a run stands; 'interrupted' can be resumed. */
type RunStatus = 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled';

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
}

/** A run as the project file knows it. */
export interface Run extends NewRun {
  readonly id: RunId;
  readonly status: RunStatus;
  readonly finishedAt: number | null;
  readonly failure: { readonly code: string; readonly reason: string } | null;
}

/** How a run ended. `finishedAt` in milliseconds since 1970. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, 'running'>;
  readonly finishedAt: number;
  readonly failure?: { readonly code: string; readonly reason: string };
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
}

const columns = `id, kind, options, seed, status, stage, versions, started_at, finished_at, failure_code, failure_reason`;
const insertOne = `INSERT INTO run (kind, options, seed, status, stage, versions, started_at)
  VALUES (@kind, @options, @seed, 'running', @stage, @versions, @started_at)`;
const selectAll = `SELECT ${columns} FROM run ORDER BY id`;
const selectOne = `SELECT ${columns} FROM run WHERE id = ?`;
const selectResumable = `SELECT ${columns} FROM run WHERE status = 'interrupted' AND kind = ? ORDER BY id DESC LIMIT 1`;
const interruptAll = `UPDATE run SET status = 'interrupted' WHERE status = 'running'`;
const restartOne = `UPDATE run SET status = 'running', finished_at = NULL, failure_code = NULL, failure_reason = NULL
  WHERE id = ?`;
const stageOne = `UPDATE run SET stage = ? WHERE id = ?`;
const endOne = `UPDATE run SET status = @status, finished_at = @finished_at, failure_code = @failure_code,
    failure_reason = @failure_reason WHERE id = @id`;

/** Records that a run begins. **Throws** as `writing`. */
export function startRun(project: Project, run: NewRun): RunId {
  return writing(
    project,
    () =>
      Number(
        prepare(project, insertOne).run({
          kind: run.kind,
          options: JSON.stringify(run.options),
          seed: run.seed,
          stage: run.stage,
          versions: JSON.stringify(run.versions),
          started_at: run.startedAt,
        }).lastInsertRowid,
      ) as RunId,
  );
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
    }),
  );
}

/**
 * Marks runs that are recorded as running but belong to a process that has died; call it after opening, before
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
  };
}
