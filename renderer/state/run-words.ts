import type { Progress, Run } from '../api/types.ts';
import { duration } from '../ui/words.ts';

const kinds: Readonly<Record<Run['kind'], string>> = {
  import: 'Import images',
  find: 'Find the object',
  align: 'Align',
  learn: 'Learn',
  apply: 'Apply a model',
  export: 'Export',
};

/** What a run does, in plain words. */
export function kindInWords(kind: Run['kind']): string {
  return kinds[kind];
}

/** How far a run has come, on one line: `reading · 12 of 60 · 2 min left`. */
export function progressInWords(run: Run, progress: Progress | undefined): string {
  if (run.status === 'queued') return 'waits for its turn';
  if (run.status === 'paused') return 'paused';
  if (progress === undefined) return 'begins';
  const { phase, done, total, secondsLeft } = progress;
  const parts = [phase];
  if (total > 0) parts.push(`${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
  if (secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(' · ');
}
