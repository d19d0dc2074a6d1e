import type { ProjectReader } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import { listLosses } from '../../store/run-losses.ts';
import type { Run, RunKind, RunStatus } from '../../store/runs.ts';
import { listRuns } from '../../store/runs.ts';
import { fromCursor, toCursor } from '../page-cursor.ts';

/** Which runs are asked for, latest first. */
export interface RunsWanted {
  readonly kind?: readonly RunKind[] | undefined;
  readonly status?: readonly RunStatus[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of runs, latest first. **Throws** CongealError `malformed` for a cursor of another list. */
export function pageRuns(
  reader: ProjectReader,
  { kind, status, limit, cursor }: RunsWanted,
): { readonly runs: readonly Run[]; readonly next: string | null } {
  const listed = { list: 'runs', kind, status };
  const before = cursor === undefined ? Infinity : Number(fromCursor(cursor, listed, ['number'])[0]);
  const found = listRuns(reader)
    .filter(({ id }) => id < before)
    .filter((run) => kind?.includes(run.kind) ?? true)
    .filter((run) => status?.includes(run.status) ?? true)
    .reverse();
  const runs = found.slice(0, limit);
  const last = runs.at(-1);
  return { runs, next: found.length > limit && last !== undefined ? toCursor(listed, [last.id]) : null };
}

/** One loss curve: a value at each step. */
export interface LossSeries {
  readonly phase: string;
  readonly steps: number[];
  readonly values: number[];
}

/** The loss curves of a run, one by phase, each thinned to at most `points` points; first and last stay. */
export function lossSeries(reader: ProjectReader, run: RunId, points: number): LossSeries[] {
  const byPhase = new Map<string, { step: number; loss: number }[]>();
  for (const { stage, step, loss } of listLosses(reader, run)) {
    const series = byPhase.get(stage) ?? [];
    series.push({ step, loss });
    byPhase.set(stage, series);
  }
  return [...byPhase].map(([phase, all]) => {
    const kept = thinned(all, points);
    return { phase, steps: kept.map(({ step }) => step), values: kept.map(({ loss }) => loss) };
  });
}

function thinned<Point>(all: readonly Point[], points: number): readonly Point[] {
  if (all.length <= points) return all;
  return Array.from({ length: points }, (_, n) => all[Math.round((n * (all.length - 1)) / (points - 1))]);
}
