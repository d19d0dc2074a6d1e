import type { Progress } from '../../contract/commands/runs.ts';
import type { Run } from '../../store/runs.ts';

/** What a run's row keeps of how far it is; what only newer runs have may be missing. */
export interface KeptProgress extends Progress {
  readonly interruptions?: number | undefined;
  /** How long it has worked, in seconds. */
  readonly seconds?: number | undefined;
}

/** What a run's row says of how far it is; null where nothing was written down. */
export function keptProgress({ progress }: Pick<Run, 'progress'>): KeptProgress | null {
  return progress as KeptProgress | null;
}
