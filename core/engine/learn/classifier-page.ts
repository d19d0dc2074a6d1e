import type { LearnedClassifier } from '../../compute/learn.ts';
import { versions } from '../../compute/supervisor/versions.ts';
import type { PlainData } from '../../store/runs.ts';
import { buildReport } from '../report/build-report.ts';
import { thinned } from '../run-report.ts';
import { sha256Of } from '../write-report.ts';

/** What a page about a trained classifier is made of. */
export interface ClassifierPage {
  readonly title: string;
  readonly learned: Pick<LearnedClassifier, 'sight' | 'curves' | 'model' | 'alsoLearned'>;
  readonly failures: readonly { readonly file: string; readonly code: string; readonly reason: string }[];
  readonly recipe: PlainData;
  readonly seed: number;
}

/** The report of a trained classifier as one page. The same run gives the same bytes. */
export function classifierPage({ title, learned, failures, recipe, seed }: ClassifierPage): string {
  const { sight, curves, model, alsoLearned = [] } = learned;
  const models = [...(model === null ? [] : [{ name: 'classifier.onnx', bytes: model }]), ...alsoLearned];
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const entries = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).map(([name, value]): [string, string] => [name, text(value)]);
  return buildReport({
    kind: 'learn',
    title,
    sight,
    curves: curves
      .filter(({ values }) => values.length > 1)
      .map(({ title: name, x, y, values }) => ({ title: name, x, y, points: thinned(values) })),
    failures,
    recipe: {
      command: 'congeal learn',
      groups: [
        { title: 'Options', entries: [...entries(recipe), ['seed', String(seed)]] },
        { title: 'Versions', entries: entries(versions()) },
        { title: 'Models', entries: models.map(({ name, bytes }) => [name, sha256Of(bytes)]) },
      ],
    },
  });
}
