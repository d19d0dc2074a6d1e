import type { WorkersOptions } from '../compute/supervisor/workers.ts';

/** Workers of an engine that people look at: one is ready for what they ask next, and long work gives way to it. */
export const doorWorkers: WorkersOptions = {
  warm: true,
  niceness: 5,
  prepared: ['look at', 'preview', 'tiles'],
};
