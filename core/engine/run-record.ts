import { join } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { loadCheckpoint } from '../store/checkpoints.ts';
import type { Project } from '../store/database.ts';
import type { RunId } from '../store/ids.ts';
import { closeProject, openProject } from '../store/project-file.ts';
import type { PlainData, Run, RunKind } from '../store/runs.ts';
import { endRun, interruptAbandonedRuns, listRuns, restartRun, startRun } from '../store/runs.ts';
import { prepareOutput, projectFileName } from './outputs.ts';

/** What a run is asked to do, as it is remembered. */
export interface RunRequest {
  readonly kind: RunKind;
  readonly out: string;
  readonly force: boolean;
  readonly resume: boolean;
  readonly seed: number;
  /** Everything that the result depends on besides the images. */
  readonly recipe: PlainData;
  readonly versions: Readonly<Record<string, string>>;
}

/** A run that has begun or goes on: its project file is open and it has a row there. */
export interface OpenRun {
  readonly project: Project;
  readonly id: RunId;
  /** The state to go on from. */
  readonly state?: Uint8Array | undefined;
  /** The run was finished by an earlier call: nothing is left to do. */
  readonly finished: boolean;
}

/**
 * Opens the output folder's project file and begins a run in it, or goes on with the interrupted one.
 *
 * **Throws** CongealError `output-not-empty`, `output-unwritable`, `project-…`, `checkpoint-mismatch`.
 */
export async function beginRun(request: RunRequest): Promise<OpenRun> {
  await prepareOutput(request.out, request);
  const project = openProject(join(request.out, projectFileName), { create: true });
  try {
    interruptAbandonedRuns(project);
    const earlier = request.resume ? latestRun(project, request.kind) : undefined;
    if (earlier === undefined) return { project, id: start(project, request), finished: false };
    checkSame(earlier, request);
    if (earlier.status === 'done') return { project, id: earlier.id, finished: true };
    restartRun(project, earlier.id);
    return { project, id: earlier.id, state: loadCheckpoint(project, earlier.id)?.state, finished: false };
  } catch (error) {
    closeProject(project);
    throw error;
  }
}

/** Notes how a run ended that did not complete: cancelled runs and failed ones alike can be resumed. */
export function leaveRun({ project, id }: OpenRun, error: unknown, signal: AbortSignal): void {
  const finishedAt = Date.now();
  if (signal.aborted || !(error instanceof CongealError)) endRun(project, id, { status: 'interrupted', finishedAt });
  else endRun(project, id, { status: 'failed', finishedAt, failure: { code: error.code, reason: error.message } });
}

function latestRun(project: Project, kind: RunKind): Run | undefined {
  return listRuns(project).findLast((run) => run.kind === kind);
}

function start(project: Project, { kind, recipe, seed, versions }: RunRequest): RunId {
  return startRun(project, { kind, options: recipe, seed, stage: 'begin', versions, startedAt: Date.now() });
}

function checkSame(run: Run, request: RunRequest): void {
  const keys = [...new Set([...Object.keys(run.options), ...Object.keys(request.recipe)])];
  const differing = keys.filter((key) => JSON.stringify(run.options[key]) !== JSON.stringify(request.recipe[key]));
  if (run.seed !== request.seed) differing.push('seed');
  if (differing.length === 0) return;
  const list = differing
    .map(
      (key) =>
        `${key}: then ${text(key === 'seed' ? run.seed : run.options[key])}, now ${text(key === 'seed' ? request.seed : request.recipe[key])}`,
    )
    .join('; ');
  throw new CongealError(
    'checkpoint-mismatch',
    `The interrupted run in ${request.out} was started with other options (${list}). ` +
      'Give the same options to go on with it, or --force without --resume to start over.',
  );
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
