import type { JobKind, Jobs } from '../compute/job-kinds.ts';
import type { Computing } from '../compute/provider.ts';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import type { PauseSwitch } from '../compute/supervisor/pause.ts';
import type { Workers } from '../compute/supervisor/workers.ts';
import { CongealError } from '../contract/errors.ts';
import { loadCheckpoint } from '../store/checkpoints.ts';
import type { Project } from '../store/database.ts';
import type { ImageId, RunId } from '../store/ids.ts';
import { endRun } from '../store/runs.ts';
import { completeLearning } from './complete-learning.ts';
import { quarantineOf } from './quarantine.ts';
import type { RunEvent } from './run-journal.ts';
import { journalRun } from './run-journal.ts';
import type { RunSource } from './run-source.ts';
import { rewindRun } from './runs/run-marks.ts';
import { openSmallCopies } from './small-copies.ts';
import { takeAll } from './use-case.ts';

/** Kinds of jobs that leave a transform and scores for every image. */
export type LearningKind = 'find' | 'align' | 'apply' | 'learn';

/** Does another job for the same run, such as its pictures. */
export type Compute = <Kind extends JobKind>(
  kind: Kind,
  request: Jobs[Kind]['request'],
) => AsyncGenerator<SupervisedMessage, Jobs[Kind]['result']>;

/** What a run is to do. */
export interface RunTask<Kind extends LearningKind = LearningKind> {
  readonly job: Kind;
  readonly request: Jobs[Kind]['request'];
  readonly seed: number;
  readonly threads: number;
  readonly provider: Computing['provider'];
  /** Name under which a learned model is kept. */
  readonly modelName: string;
  /** Rows of images that the project holds already, by file; without it the files become the project's images. */
  readonly imageOf?: (file: string) => ImageId;
  /** What must be done, files written for instance, before the result stands. */
  readonly before?: (learned: Jobs[Kind]['result'], compute: Compute) => AsyncGenerator<SupervisedMessage, void>;
}

/** How a run is performed. */
export interface RunSurroundings {
  readonly workers: Workers;
  readonly signal: AbortSignal;
  readonly pause?: PauseSwitch | undefined;
  /** Whether frames are wanted. */
  readonly film?: boolean | undefined;
  /** Writes what is still held back of the run: called with every state and before the result. */
  readonly writeHeld?: (() => void) | undefined;
  /** Where small copies of images are kept; the user's cache by default. */
  readonly cacheFolder?: string | undefined;
}

/**
 * Performs a run whose row stands in the project, from its last state on where there is one, and records its result. The
 * row is `running` when this begins and `done` when it ends; it is left as it was when this throws.
 *
 * **Throws** what the job throws, the signal's reason, and as `writing`.
 */
export async function* stepsOfRun<Kind extends LearningKind>(
  project: Project,
  run: RunId,
  source: RunSource,
  task: RunTask<Kind>,
  { workers, signal, pause, film, writeHeld, cacheFolder }: RunSurroundings,
): AsyncGenerator<RunEvent, Jobs[Kind]['result']> {
  const { seed, threads, provider } = task;
  const quarantine = quarantineOf(project, source.files);
  const smallCopies = openSmallCopies(cacheFolder);
  try {
    const options = { signal, priority: 'run', seed, threads, provider, pause, quarantine, smallCopies, film } as const;
    const resume = loadCheckpoint(project, run)?.state;
    rewindRun(project, run);
    const learned: Jobs[Kind]['result'] = yield* journalRun(
      project,
      run,
      workers.run(task.job, task.request, { ...options, resume }),
      { writeHeld },
    );
    for (const message of learned.notes) yield { event: 'note', message };
    const compute: Compute = (kind, request) => workers.run(kind, request, options);
    if (task.before !== undefined) yield* journalRun(project, run, task.before(learned, compute));
    writeHeld?.();
    completeLearning(project, run, { source, learned, modelName: task.modelName, imageOf: task.imageOf });
    return learned;
  } finally {
    smallCopies.close();
  }
}

/**
 * Performs a run as `stepsOfRun` does and notes its end in every case: `done`, `failed` with its reason, or what
 * `stoppedAs` says when the signal was aborted.
 *
 * **Throws** as `stepsOfRun`, after the end has been noted.
 */
export async function performRun<Kind extends LearningKind>(
  project: Project,
  run: RunId,
  source: RunSource,
  task: RunTask<Kind>,
  options: RunSurroundings & {
    readonly onEvent: (event: RunEvent) => void;
    /** Cancelled by a person, or interrupted because the engine ends (the default). */
    readonly stoppedAs?: () => 'cancelled' | 'interrupted';
  },
): Promise<Jobs[Kind]['result']> {
  try {
    return await takeAll(stepsOfRun(project, run, source, task, { film: true, ...options }), options.onEvent);
  } catch (error) {
    const finishedAt = Date.now();
    if (options.signal.aborted) endRun(project, run, { status: options.stoppedAs?.() ?? 'interrupted', finishedAt });
    else {
      const code = error instanceof CongealError ? error.code : 'internal';
      const reason = error instanceof Error ? error.message : String(error);
      endRun(project, run, { status: 'failed', finishedAt, failure: { code, reason } });
    }
    throw error;
  }
}
