import type { Workers } from '../compute/supervisor/workers.ts';
import { createWorkers } from '../compute/supervisor/workers.ts';

/** Workers for one command: none is kept ready, and Ctrl-C is answered within a second. */
export function createCommandWorkers(): Workers {
  return createWorkers({ patience: 300, leaveMilliseconds: 500 });
}
