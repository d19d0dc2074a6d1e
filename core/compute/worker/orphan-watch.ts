import { workerData } from 'node:worker_threads';

/*
 * A thread that ends its own process when the one that started it is gone. It has a thread of its own because the main
 * one may be inside native code for long; it loads nothing, so that nothing can keep it from being ended with the rest.
 */

const { parent, every } = workerData as { readonly parent: number; readonly every: number };

function isGone(): boolean {
  if (process.ppid !== parent) return true;
  if (process.platform !== 'win32') return false;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}

setInterval(() => {
  if (isGone()) process.kill(process.pid, 'SIGKILL');
}, every);
