import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { imagesStage } from '../compute/protocol.ts';
import { CongealError } from '../contract/errors.ts';
import { loadCheckpoint } from '../store/checkpoints.ts';
import type { Project } from '../store/database.ts';
import type { RunId } from '../store/ids.ts';
import { closeProject, openProject } from '../store/project-file.ts';
import { toStoredPath } from '../store/project-paths.ts';
import type { PlainData, Run, RunKind } from '../store/runs.ts';
import { endRun, interruptAbandonedRuns, listRuns, restartRun, startRun } from '../store/runs.ts';
import { prepareOutput, projectFileName, removeMade } from './outputs.ts';
import { rootKey } from './source.ts';

/** What a run is asked to do, as it is remembered. */
export interface RunRequest {
  readonly kind: RunKind;
  readonly out: string;
  readonly force: boolean;
  readonly resume?: boolean | undefined;
  /** Absolute path of the folder that the images' names are relative to. */
  readonly root: string;
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
  /** What did not exist before this call: the project file, the folders that it lies in. */
  readonly made: { readonly project: boolean; readonly folders: readonly string[] };
}

/**
 * Opens the output folder's project file and begins a run in it, or goes on with the interrupted one.
 *
 * **Throws** CongealError `output-not-empty`, `output-unwritable`, `project-…`, `checkpoint-missing`, `checkpoint-mismatch`.
 */
export async function beginRun(asked: RunRequest): Promise<OpenRun> {
  const { made: folders } = await prepareOutput(asked.out, asked);
  const path = resolve(asked.out, projectFileName);
  const made = { project: !existsSync(path), folders };
  const request = { ...asked, recipe: { ...asked.recipe, [rootKey]: toStoredPath(path, asked.root) } };
  const project = await openedIn(path, folders);
  try {
    interruptAbandonedRuns(project);
    const earlier = request.resume ? resumable(listRuns(project), request) : undefined;
    if (earlier === undefined) return { project, id: start(project, request), finished: false, made };
    checkSame(earlier, request);
    if (earlier.status === 'done') return { project, id: earlier.id, finished: true, made };
    restartRun(project, earlier.id);
    return { project, id: earlier.id, state: loadCheckpoint(project, earlier.id)?.state, finished: false, made };
  } catch (error) {
    closeProject(project);
    throw error;
  }
}

/** The project file, made where there is none; where that fails the folders that were made for it go again. */
async function openedIn(path: string, folders: readonly string[]): Promise<Project> {
  try {
    return openProject(path, { create: true });
  } catch (error) {
    await removeMade(folders);
    throw error;
  }
}

/**
 * Notes how a run ended that did not complete, and closes its project: cancelled runs and failed ones alike can be
 * resumed. A run that failed before it had anything worth keeping leaves nothing behind.
 */
export async function leaveRun(run: OpenRun, error: unknown, signal: AbortSignal): Promise<void> {
  const { project, id, made } = run;
  const failed = error instanceof CongealError && !signal.aborted;
  const finishedAt = Date.now();
  try {
    const stage = loadCheckpoint(project, id)?.stage ?? imagesStage;
    if (failed && made.project && stage === imagesStage) await removeTraces(run);
    else if (!failed) endRun(project, id, { status: 'interrupted', finishedAt });
    else endRun(project, id, { status: 'failed', finishedAt, failure: { code: error.code, reason: error.message } });
  } catch (second) {
    // A full disk may refuse the note as well; whoever opens the project next finds the run abandoned, which says enough.
    if (!(second instanceof CongealError)) throw second;
  }
}

async function removeTraces({ project, made }: OpenRun): Promise<void> {
  const folder = dirname(project.path);
  closeProject(project);
  for (const name of await readdir(folder))
    if (name.startsWith(basename(project.path))) await rm(join(folder, name), { force: true });
  await removeMade(made.folders);
}

/** The latest run of the kind; undefined where the project was made but no run had begun in it. */
function resumable(runs: readonly Run[], { kind, out }: RunRequest): Run | undefined {
  const found = runs.findLast((run) => run.kind === kind);
  if (found !== undefined || runs.length === 0) return found;
  throw new CongealError(
    'checkpoint-missing',
    `There is no run of ${kind} to go on with in ${out}, only of ${[...new Set(runs.map((run) => run.kind))].join(' and ')}. ` +
      'Check --out, or use --force without --resume to write into this folder.',
  );
}

function start(project: Project, { kind, recipe, seed, versions }: RunRequest): RunId {
  return startRun(project, { kind, options: recipe, seed, stage: 'begin', versions, startedAt: Date.now() });
}

function checkSame(run: Run, request: RunRequest): void {
  const then: PlainData = { ...run.options, seed: run.seed };
  const now: PlainData = { ...request.recipe, seed: request.seed };
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  const differing = keys.filter((key) => JSON.stringify(then[key]) !== JSON.stringify(now[key]));
  if (differing.length === 0) return;
  const list = differing.map((key) => `${key}: then ${text(then[key])}, now ${text(now[key])}`).join('; ');
  throw new CongealError(
    'checkpoint-mismatch',
    `The interrupted run in ${request.out} was started with other options (${list}). ` +
      'Give the same options to go on with it, or --force without --resume to start over.',
  );
}

function text(value: unknown): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
