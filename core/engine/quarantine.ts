import { suspicions } from '../compute/supervisor/death.ts';
import type { Strikes } from '../compute/supervisor/suspects.ts';
import type { RunJobOptions } from '../compute/supervisor/workers.ts';
import type { Project } from '../store/database.ts';
import { addStrike, listStrikes, removeStrikes } from '../store/strikes.ts';

/** What one strike in the project file weighs among workers. */
const weightOfStrike = suspicions.own;

/**
 * What a project holds against files, and how it learns more: images over which workers died stay known as such, from one
 * job of a run to the next and from one run to the next.
 */
export function quarantineOf(
  project: Project,
  files: readonly { readonly id: string; readonly path: string }[],
): NonNullable<RunJobOptions['quarantine']> {
  const byPath = new Map(listStrikes(project).map((strike) => [strike.path, strike]));
  const counts = new Map<string, number>();
  const stored = new Map<string, { readonly weight: number; readonly reason: string }>();
  for (const { id, path } of files) {
    const strike = byPath.get(path);
    if (strike === undefined) continue;
    counts.set(id, strike.count);
    stored.set(id, { weight: strike.count * weightOfStrike, reason: strike.reason });
  }
  let live: Strikes = stored;
  const onChange = (now: Strikes): void => {
    live = now;
    for (const { id, path } of files) {
      const known = counts.get(id) ?? 0;
      const { weight, reason } = now.get(id) ?? { weight: 0, reason: '' };
      const count = Math.floor(weight / weightOfStrike);
      if (count === known) continue;
      counts.set(id, count);
      if (count < known) removeStrikes(project, path);
      for (let n = count < known ? 0 : known; n < count; n++) addStrike(project, path, reason, Date.now());
    }
  };
  return {
    get strikes() {
      return live;
    },
    onChange,
  };
}
