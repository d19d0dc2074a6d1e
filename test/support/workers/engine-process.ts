import type { TestJobs } from './test-jobs.ts';
import { createWorkers } from '../../../core/compute/supervisor/workers.ts';

/*
 * A process that has one worker do one long job, for tests that kill it: `engine-process.ts ENTRY KIND REQUEST`. Says the
 * worker's process id as soon as it has been busy for a while.
 */

const [entry, kind, request] = process.argv.slice(2);
const workers = createWorkers<TestJobs>({ entry });
const { signal } = new AbortController();
void workers.call(kind as keyof TestJobs, JSON.parse(request) as never, { signal, priority: 'run' });
setTimeout(() => process.stdout.write(`worker ${workers.status().workers[0].pid ?? 0}\n`), 1500);
