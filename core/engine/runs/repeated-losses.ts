import type { Project } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import type { LossPoint } from '../../store/run-losses.ts';
import { listLosses, removeLossesAfter } from '../../store/run-losses.ts';

/**
 * Forgets the points of a run's loss curve from the one that comes again: a run that goes on from a state makes what came
 * after it once more. **Throws** as `writing`.
 */
export function forgetRepeated(project: Project, run: RunId, next: LossPoint): void {
  const known = listLosses(project, run);
  const from = known.findIndex(({ stage, step }) => stage === next.stage && step >= next.step);
  if (from >= 0) removeLossesAfter(project, run, from);
}
