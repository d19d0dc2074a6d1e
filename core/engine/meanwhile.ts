import { setTimeout as wait } from 'node:timers/promises';
import type { ProgressMessage } from '../contract/events.ts';

const everyMilliseconds = 300;

/** Waits for work that says nothing itself, and says at once and now and then that its phase goes on. **Throws** what the work throws. */
export async function* meanwhile<Result>(
  phase: string,
  work: Promise<Result>,
): AsyncGenerator<ProgressMessage, Result> {
  const ended = new AbortController();
  const settled = work.then(
    () => ended.abort(),
    () => ended.abort(),
  );
  while (!ended.signal.aborted) {
    yield { event: 'progress', phase, done: 0, total: 0 };
    await Promise.race([settled, wait(everyMilliseconds, undefined, { signal: ended.signal }).catch(() => undefined)]);
  }
  return await work;
}
