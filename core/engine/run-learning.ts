import { basename, dirname, resolve } from 'node:path';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { JobContext, JobMessage } from '../compute/job.ts';
import type { Learned } from '../compute/learned.ts';
import { chooseComputing } from '../compute/provider.ts';
import { versions } from '../compute/versions.ts';
import { saveCheckpoint } from '../store/checkpoints.ts';
import type { NewImage } from '../store/images.ts';
import { saveImages } from '../store/images.ts';
import type { ImageId } from '../store/ids.ts';
import { closeProject } from '../store/project-file.ts';
import { completeRun } from '../store/run-result.ts';
import type { PlainData } from '../store/runs.ts';
import { alreadyDone } from './already-done.ts';
import { threadsOf } from './machine.ts';
import { openSmallCopies } from './small-copies.ts';
import { refuseOriginals } from './outputs.ts';
import type { OpenRun } from './run-record.ts';
import { beginRun, leaveRun } from './run-record.ts';
import type { Source } from './source.ts';
import { resolveSource } from './source.ts';

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
export interface LearningOutcome {
  readonly learned: Learned;
  readonly source: Source;
  readonly context: JobContext;
}

/** The parts in which learning commands differ. */
export interface LearningTask {
  readonly kind: 'find' | 'align' | 'apply';
  /** Everything that the result depends on besides the images. */
  readonly recipe: PlainData;
  /** Looks at what was asked for, with the collection at hand, before anything is written. */
  readonly check?: (source: Source) => Promise<void>;
  readonly learn: (source: Source, context: JobContext) => AsyncGenerator<JobMessage, Learned>;
  /** Writes the files and returns their absolute paths. */
  readonly write: (outcome: LearningOutcome) => AsyncGenerator<JobMessage, readonly string[]>;
  /** Names of the files that a finished run has left. */
  readonly leaves: readonly string[];
  readonly modelName: string;
}

/**
 * One learning run from a folder to its files, remembered in the output folder's project file: checkpoints while it
 * works, results when it is done. Interrupted at any point it can be resumed and ends with the same bytes.
 */
export async function* runLearning(
  options: LearningOptions,
  task: LearningTask,
  signal: AbortSignal,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const started = performance.now();
  const source = await resolveSource(options.folder, options.out, signal);
  const { kind, recipe, leaves } = task;
  const provider = chooseComputing(options.provider);
  await task.check?.(source);
  await refuseOriginals(
    leaves.map((name) => resolve(options.out, name)),
    source.files.map(({ path }) => path),
  );
  const run = await beginRun({ ...options, kind, recipe, root: source.root, versions: versions() });
  const cache = openSmallCopies();
  try {
    for (const folder of source.leftOut)
      yield { event: 'note', message: `${folder} holds results of a run, so nothing in it is part of the collection` };
    if (run.finished) return yield* alreadyDone(run, { kind, out: options.out, leaves, modelName: task.modelName });
    for (const { id, code, reason } of source.failures) yield { event: 'failure', file: id, code, reason };
    const context = jobContext(options, run, { cache, provider, signal });
    const learned = yield* keepCheckpoints(task.learn(source, context), run);
    for (const message of learned.notes) yield { event: 'note', message };
    const written = yield* keepCheckpoints(task.write({ learned, source, context }), run);
    remember(run, source, learned, task.modelName);
    return {
      event: 'done',
      command: kind,
      out: resolve(options.out),
      written,
      images: learned.images.length,
      failed: learned.failures.length + source.failures.length,
      seconds: (performance.now() - started) / 1000,
      figures: learned.figures,
    };
  } catch (error) {
    if (!run.finished) await leaveRun(run, error, signal);
    throw error;
  } finally {
    cache.close();
    closeProject(run.project);
  }
}

function jobContext(
  options: LearningOptions,
  run: OpenRun,
  given: Pick<JobContext, 'cache' | 'provider' | 'signal'>,
): JobContext {
  return {
    ...given,
    seed: options.seed,
    threads: threadsOf(options.threads),
    ...(run.state === undefined ? {} : { resume: run.state }),
  };
}

/** Stores checkpoints as they come and passes everything else on. */
async function* keepCheckpoints<Result>(
  messages: AsyncGenerator<JobMessage, Result>,
  run: OpenRun,
): AsyncGenerator<EngineMessage, Result> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) return next.value;
    if (next.value.event === 'checkpoint') saveCheckpoint(run.project, run.id, next.value.stage, next.value.bytes);
    else if (next.value.event !== 'frame') yield next.value;
  }
}

function remember(run: OpenRun, source: Source, learned: Learned, modelName: string): void {
  const { project, id } = run;
  const failures = [...learned.failures, ...source.failures];
  const images: NewImage[] = [
    ...learned.images.map(({ path, info }): NewImage => ({
      path,
      ...info,
      status: 'ready',
      sha256: info.sha256,
      bytes: info.bytes,
    })),
    ...failures.map(({ path, code, reason }): NewImage => ({
      path,
      bytes: 0,
      sha256: null,
      status: 'failed',
      failureCode: code,
      failureReason: reason,
    })),
  ];
  const ids: readonly ImageId[] = saveImages(project, images);
  completeRun(project, id, {
    finishedAt: Date.now(),
    transforms: learned.located.map((one, n) => ({
      image: ids[n],
      family: learned.family,
      canonicalToImage: one.canonicalToImage,
      mirrored: one.mirrored,
      status: one.status,
      box: one.box,
    })),
    scores: learned.located.flatMap((one, n) =>
      Object.entries(one.scores).map(([name, value]) => ({ image: ids[n], name, value })),
    ),
    models: learned.model === null ? [] : [{ name: modelName, bytes: learned.model }],
  });
}

/** The name that a report gives a collection: its folder's, with the parent's where that says nothing. */
export function collectionName({ root }: Source): string {
  const name = basename(root) || root;
  return name === 'images' ? `${basename(dirname(root))}/${name}` : name;
}
