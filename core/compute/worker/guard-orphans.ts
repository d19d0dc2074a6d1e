import { Worker } from 'node:worker_threads';

const everyMilliseconds = 250;

/** Sees to it that this process does not survive the one that forked it, whatever either of them is doing. */
export function guardOrphans(): void {
  const watch = new Worker(new URL('orphan-watch.ts', import.meta.url), {
    workerData: { parent: process.ppid, every: everyMilliseconds },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  watch.unref();
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGKILL');
  });
}
