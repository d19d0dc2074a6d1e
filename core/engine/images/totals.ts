/** Remembers how many images filters let through while a collection stays as it is. */
export interface Totals {
  readonly of: (project: string, revision: number, filter: object, count: () => number) => number;
}

const mostKept = 64;

/** A count is made anew when it is asked for after so long: edits that are no change of the collection change it too. */
const keptMilliseconds = 2000;

/** Remembers nothing yet. */
export function createTotals(): Totals {
  const kept = new Map<string, { readonly count: number; readonly until: number }>();
  return {
    of: (project, revision, filter, count) => {
      const key = `${project} ${revision} ${JSON.stringify(filter)}`;
      const found = kept.get(key);
      const now = performance.now();
      if (found !== undefined && now < found.until) return found.count;
      const fresh = { count: count(), until: now + keptMilliseconds };
      kept.delete(key);
      kept.set(key, fresh);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
      return fresh.count;
    },
  };
}
