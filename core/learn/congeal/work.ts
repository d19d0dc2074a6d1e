import { breathe } from '../breathe.ts';
import type { Crew, Task } from '../crew/crew.ts';
import type { LearnEvent, ProgressEvent } from '../event.ts';
import { translate } from '../translate.ts';

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

/** Lets a crew do `count` pieces; tells at the start and after each how far it has come, and breathes. */
export async function* piecesOf<Tools, Order, Result>(
  phase: string,
  crew: Crew<Tools>,
  signal: AbortSignal | undefined,
  task: Task<Tools, Order, Result>,
  count: number,
  orderFor: (n: number) => Order,
): Work<Result[]> {
  yield progress(phase, 0, count);
  return yield* translate(crew.work(task, count, orderFor), async function* (done) {
    await breathe(signal);
    yield progress(phase, done, count);
  });
}

/** The same for work that is short: it only breathes. */
export async function allPieces<Tools, Order, Result>(
  crew: Crew<Tools>,
  signal: AbortSignal | undefined,
  task: Task<Tools, Order, Result>,
  count: number,
  orderFor: (n: number) => Order,
): Promise<Result[]> {
  const pieces = crew.work(task, count, orderFor);
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return next.value;
      await breathe(signal);
    }
  } finally {
    await pieces.return([]);
  }
}
