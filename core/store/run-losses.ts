import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';

/** One point of a run's loss curve. */
export interface LossPoint {
  readonly stage: string;
  readonly step: number;
  readonly loss: number;
}

const selectLast = 'SELECT max(sequence) AS last FROM run_loss WHERE run_id = ?';
const insertOne = 'INSERT INTO run_loss (run_id, sequence, stage, step, loss) VALUES (?, ?, ?, ?, ?)';
const selectAll = 'SELECT stage, step, loss FROM run_loss WHERE run_id = ? AND sequence > ? ORDER BY sequence';
const removeAfter = 'DELETE FROM run_loss WHERE run_id = ? AND sequence > ?';

/** Adds points to a run's loss curve and gives how many it has now. **Throws** as `writing`. */
export function saveLosses(project: Project, run: RunId, points: readonly LossPoint[]): number {
  return writing(project, () => {
    let sequence = countLosses(project, run);
    for (const { stage, step, loss } of points) prepare(project, insertOne).run(run, ++sequence, stage, step, loss);
    return sequence;
  });
}

/** How many points a run's loss curve has. **Throws** as `reading`. */
export function countLosses(project: ProjectReader, run: RunId): number {
  return reading(project, () => prepare<[RunId], { last: number | null }>(project, selectLast).get(run)?.last ?? 0);
}

/** A run's loss curve from the point after number `after` (0 to begin). **Throws** as `reading`. */
export function listLosses(project: ProjectReader, run: RunId, after = 0): readonly LossPoint[] {
  return reading(project, () => prepare<[RunId, number], LossPoint>(project, selectAll).all(run, after));
}

/** Forgets the points after number `count` (0 forgets all): a run that goes on makes them again. **Throws** as `writing`. */
export function removeLossesAfter(project: Project, run: RunId, count: number): void {
  writing(project, () => prepare(project, removeAfter).run(run, count));
}
