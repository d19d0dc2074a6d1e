import { breathe } from '../breathe.ts';
import type { LearnEvent, ProgressEvent } from '../event.ts';

/** A piece of a learner's work: yields events, returns its result. */
export type Work<Result> = AsyncGenerator<LearnEvent, Result>;

/** An event that says how far a phase has come. */
export function progress(phase: string, done: number, total: number, loss?: number): ProgressEvent {
  return { kind: 'progress', phase, done, total, ...(loss !== undefined && { loss }) };
}

/** Calls `each` for the numbers below `count`; tells at the start and after every `every` of them how far it has come, and breathes. */
export async function* eachOf<Result>(
  phase: string,
  count: number,
  every: number,
  signal: AbortSignal | undefined,
  each: (index: number) => Promise<Result>,
): Work<Result[]> {
  const results: Result[] = [];
  yield progress(phase, 0, count);
  for (let index = 0; index < count; index++) {
    results.push(await each(index));
    if ((index + 1) % every !== 0 && index + 1 < count) continue;
    await breathe(signal);
    yield progress(phase, index + 1, count);
  }
  return results;
}
