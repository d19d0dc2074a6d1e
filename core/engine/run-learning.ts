import { basename, dirname, resolve } from 'node:path';
import type { Jobs } from '../compute/job-kinds.ts';
import type { Learned } from '../compute/learned.ts';
import type { Computing } from '../compute/provider.ts';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import { versions } from '../compute/supervisor/versions.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import { closeProject } from '../store/project-file.ts';
import type { PlainData } from '../store/runs.ts';
import { alreadyDone } from './already-done.ts';
import { threadsOf } from './machine.ts';
import { refuseOriginals } from './outputs.ts';
import type { Compute, LearningKind, RunTask } from './perform-run.ts';
import { stepsOfRun } from './perform-run.ts';
import { chooseComputing, sayComputing } from './provider.ts';
import type { RunEvent } from './run-journal.ts';
import { beginRun, leaveRun } from './run-record.ts';
import type { Source } from './source.ts';
import { resolveSource } from './source.ts';
import type { UseCaseContext } from './use-case.ts';

/** What the learning commands share. */
export interface LearningOptions {
  readonly folder: string;
  readonly out: string;
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly provider: string;
  readonly force: boolean;
  readonly resume: boolean;
  readonly allowDamaged: boolean;
}

/** What a finished job is turned into: files in the output folder. */
export interface LearningOutcome<Result extends Learned = Learned> {
  readonly learned: Result;
  readonly source: Source;
  readonly compute: Compute;
}

/** The parts in which learning commands differ. */
export interface LearningTask<Kind extends LearningKind> {
  readonly kind: Kind;
  /** Everything that the result depends on besides the images. */
  readonly recipe: PlainData;
  /** Looks at what was asked for, with the collection at hand, before anything is written. */
  readonly check?: (source: Source) => Promise<void>;
  /** Where the images come from, where that is not the folder of the options. */
  readonly source?: (signal: AbortSignal) => Promise<Source>;
  /** How many images took part, where they are no files of their own. */
  readonly count?: (learned: Jobs[Kind]['result']) => number;
  readonly request: (source: Source) => Jobs[Kind]['request'];
  /** Writes the files and returns their absolute paths. */
  readonly write: (
    outcome: LearningOutcome<Jobs[Kind]['result']>,
  ) => AsyncGenerator<SupervisedMessage, readonly string[]>;
  /** Names of the files that a finished run has left. */
  readonly leaves: readonly string[];
  readonly modelName: string;
}

/**
 * One learning run from a folder to its files, remembered in the output folder's project file: checkpoints while it
 * works, results when it is done. Interrupted at any point it can be resumed and ends with the same bytes.
 */
export async function* runLearning<Kind extends LearningKind>(
  options: LearningOptions,
  task: LearningTask<Kind>,
  { workers, signal }: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const started = performance.now();
  const { kind, recipe, leaves, modelName } = task;
  yield { event: 'progress', phase: 'prepare', done: 0, total: 0 };
  const { source, computing } = await prepare(options, task, { workers, signal });
  const run = await beginRun({ ...options, kind, recipe, root: source.root, versions: versions() });
  try {
    for (const folder of source.leftOut)
      yield { event: 'note', message: `${folder} holds results of a run, so nothing in it is part of the collection` };
    if (run.finished) return yield* alreadyDone(run, { kind, out: options.out, leaves, modelName });
    if (options.provider === 'auto') yield { event: 'note', message: sayComputing(computing) };
    for (const { id, code, reason } of source.failures) yield { event: 'failure', file: id, code, reason };
    let written: readonly string[] = [];
    const steps: RunTask<Kind> = {
      ...{ job: kind, request: task.request(source), modelName },
      ...{ seed: options.seed, threads: threadsOf(options.threads), provider: computing.provider },
      async *before(learned, compute) {
        written = yield* task.write({ learned, source, compute });
      },
    };
    const learned = yield* spoken(stepsOfRun(run.project, run.id, source, steps, { workers, signal }));
    return {
      event: 'done',
      command: kind,
      out: resolve(options.out),
      written,
      images: task.count?.(learned) ?? learned.images.length,
      failed: learned.failures.length + source.failures.length,
      seconds: (performance.now() - started) / 1000,
      figures: learned.figures,
    };
  } catch (error) {
    if (!run.finished) await leaveRun(run, error, signal);
    throw error;
  } finally {
    closeProject(run.project);
  }
}

/** Finds the images, chooses where to compute, and looks at all that was asked for: nothing has been written by then. */
async function prepare<Kind extends LearningKind>(
  options: LearningOptions,
  { source: find, check, leaves }: LearningTask<Kind>,
  { workers, signal }: UseCaseContext,
): Promise<{ readonly source: Source; readonly computing: Computing }> {
  const source = await (find?.(signal) ?? resolveSource(options.folder, options.out, signal));
  const computing = await chooseComputing(options.provider, { workers, signal });
  await check?.(source);
  await refuseOriginals(
    leaves.map((name) => resolve(options.out, name)),
    source.files.map(({ path }) => path),
  );
  return { source, computing };
}

/** What the command line says of a run. */
async function* spoken<Result>(events: AsyncGenerator<RunEvent, Result>): AsyncGenerator<EngineMessage, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      if (next.value.event !== 'frame' && next.value.event !== 'status') yield next.value;
    }
  } finally {
    await events.return(undefined as Result);
  }
}

/** The name that a report gives a collection: its folder's, with the parent's where that says nothing. */
export function collectionName({ root }: Source): string {
  const name = basename(root) || root;
  return name === 'images' ? `${basename(dirname(root))}/${name}` : name;
}
