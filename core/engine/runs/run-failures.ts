import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { fromCursor, toCursor } from '../page-cursor.ts';
import type { Run } from '../../store/runs.ts';
import { keyOfRun } from './live-runs.ts';
import { hasPlan, planOf } from './run-plan.ts';
import type { RunSummary } from './run-summary.ts';

/** One file that a run could not use. */
interface RunFailure {
  readonly image: string | null;
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

/** A page of the files that a run could not use, while it goes on and afterwards. **Throws** CongealError `malformed`. */
export function pageFailures(
  { runs }: Pick<Engine, 'runs'>,
  { id }: Pick<OpenProject, 'id'>,
  run: Run,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { readonly failures: RunFailure[]; readonly next: string | null } {
  const summary = run.result as RunSummary | null;
  const all = runs.byKey.get(keyOfRun(id, run.id))?.failures ?? summary?.failures ?? [];
  const images = new Map(hasPlan(run) ? planOf(run).images.map(([image, name]) => [name, String(image)]) : []);
  const listed = { list: 'failures', run: run.id };
  const from = cursor === undefined ? 0 : Number(fromCursor(cursor, listed, ['number'])[0]);
  const failures = all.slice(from, from + limit).map(({ file, code, reason }) => ({
    ...{ image: images.get(file) ?? null, file: file.slice(0, 4000), code, reason: reason.slice(0, 4000) },
  }));
  return { failures, next: from + limit < all.length ? toCursor(listed, [from + limit]) : null };
}
