import { removeCheckpoints } from './checkpoints.ts';
import { writing, type Project } from './database.ts';
import type { RunId } from './ids.ts';
import { saveModels, type NewModel } from './models.ts';
import { endRun, type PlainData } from './runs.ts';
import { saveScores, type StoredScore } from './scores.ts';
import { saveTransforms, type StoredTransform } from './transforms.ts';

/** Everything a run leaves. `finishedAt` in milliseconds since 1970. */
export interface RunResult {
  readonly transforms: readonly StoredTransform[];
  readonly scores: readonly StoredScore[];
  readonly models: readonly NewModel[];
  readonly finishedAt: number;
  /** What is said at the end (figures, files), to be shown. */
  readonly summary?: PlainData;
}

/**
 * Records a finished run in one transaction: its results stand and its checkpoints go, or nothing has changed and it
 * can be resumed. **Throws** as `writing`.
 */
export function completeRun(project: Project, run: RunId, result: RunResult): void {
  writing(project, () => {
    saveTransforms(project, run, result.transforms);
    saveScores(project, run, result.scores);
    saveModels(project, run, result.models);
    removeCheckpoints(project, run);
    const { finishedAt, summary } = result;
    endRun(project, run, { status: 'done', finishedAt, ...(summary === undefined ? {} : { result: summary }) });
  });
}
