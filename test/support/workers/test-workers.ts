import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SupervisedMessage } from '../../../core/compute/supervisor/messages.ts';
import type { Workers, WorkersOptions } from '../../../core/compute/supervisor/workers.ts';
import { createWorkers } from '../../../core/compute/supervisor/workers.ts';
import type { TestJobs } from './test-jobs.ts';

/** The entry of a worker that serves the tests' own jobs. */
export const testEntry = resolve(import.meta.dirname, 'test-worker.ts');

/** Workers with the tests' own jobs, closed when the current test has finished. */
export function testWorkers(options: WorkersOptions = {}): Workers<TestJobs> {
  const workers = createWorkers<TestJobs>({
    entry: testEntry,
    retries: { firstWait: 10, longestWait: 50 },
    ...options,
  });
  onTestFinished(() => workers.close());
  return workers;
}

/** Takes all that a job says, and its result; `see` is shown every message as it comes. */
export async function collect<Result>(
  messages: AsyncGenerator<SupervisedMessage, Result>,
  see: (message: SupervisedMessage) => void = () => undefined,
): Promise<{ readonly said: readonly SupervisedMessage[]; readonly result: Result }> {
  const said: SupervisedMessage[] = [];
  for (;;) {
    const next = await messages.next();
    if (next.done === true) return { said, result: next.value };
    said.push(next.value);
    see(next.value);
  }
}
