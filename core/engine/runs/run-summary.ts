import type { Learned, LearningCurve } from '../../compute/learned.ts';
import type { Figures } from '../../contract/events.ts';
import type { PlainData } from '../../store/runs.ts';
import type { RunSource } from '../run-source.ts';

/** What a run's row says of its end, to be shown. */
export interface RunSummary {
  readonly images?: number;
  readonly figures?: Figures;
  readonly failures?: readonly { readonly file: string; readonly code: string; readonly reason: string }[];
  readonly curves?: readonly LearningCurve[];
  readonly notes?: readonly string[];
}

/** At most about so many points of a curve are kept: more than a chart can show. */
const pointsKept = 2000;

/** The summary of what a learning job has left. */
export function summaryOf(learned: Learned, source: Pick<RunSource, 'failures'>): PlainData {
  const failures = [...source.failures, ...learned.failures];
  const summary: RunSummary = {
    images: learned.images.length,
    figures: learned.figures,
    failures: failures.map(({ id, code, reason }) => ({ file: id, code, reason })),
    curves: learned.curves.map((curve) => ({ ...curve, values: thinned(curve.values) })),
    notes: learned.notes,
  };
  return { ...summary };
}

function thinned(values: readonly number[]): readonly number[] {
  const every = Math.max(1, Math.ceil(values.length / pointsKept));
  return values.filter((_, n) => n % every === 0 || n === values.length - 1);
}
