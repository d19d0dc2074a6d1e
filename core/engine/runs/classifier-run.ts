import type { LearnRequest } from '../../compute/classifier/learn-request.ts';
import type { LearnedClassifier } from '../../compute/learn.ts';
import { CongealError } from '../../contract/errors.ts';
import type { LearnRun } from '../../contract/recipes.ts';
import type { Project } from '../../store/database.ts';
import type { Run } from '../../store/runs.ts';
import { classifierPage } from '../learn/classifier-page.ts';
import { teachingOf } from '../learn/teaching.ts';
import { askedOptions, type RunPlan } from './run-plan.ts';
import { savePage } from './run-pictures.ts';

/** What the job is asked that trains a classifier on images of a project. */
export function learnRequest(
  files: readonly { readonly id: string; readonly path: string }[],
  { labels = [] }: RunPlan,
  asked: LearnRun,
): LearnRequest {
  const labelOf = new Map(labels);
  if (typeof asked.net === 'string')
    throw new CongealError('unsupported', `The network '${asked.net}' of this run was not kept with it.`);
  return {
    ...teachingOf(asked),
    network: asked.net,
    source: {
      kind: 'files',
      files: files.flatMap((file) => {
        const label = labelOf.get(file.id);
        return label === undefined ? [] : [{ ...file, label }];
      }),
      test: [],
    },
  };
}

/** Makes the page about a trained classifier and keeps it with the run. **Throws** as `writing`. */
export function saveClassifierPage(project: Project, run: Run, learned: LearnedClassifier): void {
  const failures = learned.failures.map(({ id, code, reason }) => ({ file: id, code, reason }));
  const asked = askedOptions(run);
  const title = typeof asked['name'] === 'string' ? asked['name'] : `Learn ${run.id}`;
  savePage(project, run.id, classifierPage({ title, learned, failures, recipe: asked, seed: run.seed }));
}
