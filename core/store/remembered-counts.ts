import type { ProjectReader } from './database.ts';

/** A count that only helps to choose a way is good for so long, in milliseconds, and so many are remembered. */
const goodFor = 3000;
const mostKept = 64;

interface Remembered {
  readonly count: number;
  readonly until: number;
}

const remembered = new WeakMap<ProjectReader['database'], Map<string, Remembered>>();

/**
 * Gives what was counted a moment ago under a name, or counts: pages of one list follow each other, and none needs to
 * know exactly.
 */
export function roughCount(
  { database }: ProjectReader,
  name: string,
  count: () => number,
  now: number = performance.now(),
): number {
  let known = remembered.get(database);
  if (known === undefined) remembered.set(database, (known = new Map<string, Remembered>()));
  const found = known.get(name);
  if (found !== undefined && now < found.until) return found.count;
  const fresh = { count: count(), until: now + goodFor };
  known.delete(name);
  known.set(name, fresh);
  if (known.size > mostKept) known.delete(known.keys().next().value ?? '');
  return fresh.count;
}
