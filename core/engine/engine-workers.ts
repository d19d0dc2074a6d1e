import type { Workers, WorkersOptions } from '../compute/supervisor/workers.ts';
import { createWorkers } from '../compute/supervisor/workers.ts';
import type { EventHub } from './event-hub.ts';

/** Workers of an engine that tells how many there are and how many jobs wait, whenever either changes. */
export function createEngineWorkers(hub: EventHub, options: WorkersOptions = {}): Workers {
  let told = '';
  const workers = createWorkers({
    ...options,
    onChange: () => {
      const status = workers.status();
      const counts = { workers: status.workers.length, waiting: status.waiting };
      if (JSON.stringify(counts) === told) return;
      told = JSON.stringify(counts);
      hub.publish({ event: 'workers-changed', ...counts });
    },
  });
  return workers;
}
