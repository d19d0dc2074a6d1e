import type { Learned } from '../compute/learned.ts';
import type { Project } from '../store/database.ts';
import type { ImageId, RunId } from '../store/ids.ts';
import type { NewImage } from '../store/images.ts';
import { saveImages } from '../store/images.ts';
import { completeRun } from '../store/run-result.ts';
import type { RunSource } from './run-source.ts';
import { summaryOf } from './runs/run-summary.ts';

/** What a learning job has left, and of which files. */
export interface LearningEnd {
  readonly source: Pick<RunSource, 'failures'>;
  readonly learned: Learned;
  readonly modelName: string;
  readonly imageOf?: ((file: string) => ImageId) | undefined;
}

/** Records the result of a run in one transaction and ends it as done. **Throws** as `writing`. */
export function completeLearning(project: Project, run: RunId, end: LearningEnd): void {
  const { learned, modelName } = end;
  const ids = imagesOf(project, end);
  completeRun(project, run, {
    finishedAt: Date.now(),
    summary: summaryOf(learned, end.source),
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
    models: learned.model === null ? [] : [{ name: modelName, bytes: learned.model }, ...(learned.alsoLearned ?? [])],
  });
}

/** The rows of the located images, in their order. */
function imagesOf(project: Project, { learned, source, imageOf }: LearningEnd): readonly ImageId[] {
  if (imageOf !== undefined) return learned.located.map(({ id }) => imageOf(id));
  const failures = [...learned.failures, ...source.failures];
  return saveImages(project, [
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
  ]);
}
