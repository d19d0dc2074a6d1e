import { availableParallelism } from 'node:os';

/** Threads for computing: as asked, otherwise one per core up to eight. */
export function threadsOf(asked: number | undefined): number {
  return asked ?? Math.min(8, availableParallelism());
}
