import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Workers } from '../../core/compute/supervisor/workers.ts';
import type { Random } from '../../core/geometry/random.ts';

/** How many times each kind of process is killed; `CONGEAL_TEST_KILLS` says another number. */
export const killCount = Number(process.env['CONGEAL_TEST_KILLS'] ?? 25);

/** Everything in a folder but project files, as SHA-256 by relative name. */
export function bytesIn(folder: string, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(folder, prefix)).sort()) {
    const path = join(prefix, name);
    if (statSync(join(folder, path)).isDirectory()) Object.assign(found, bytesIn(folder, path));
    else if (!name.startsWith('project.congeal'))
      found[path] = createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex');
  }
  return existsSync(folder) ? found : {};
}

/** Kills busy workers at random moments while something is going on; gives how many it has killed. */
export async function killWorkers(
  workers: Workers,
  during: Promise<unknown>,
  { random, most, seconds }: { readonly random: Random; readonly most: number; readonly seconds: number },
): Promise<number> {
  let killed = 0;
  const ended = during.then(
    () => 'ended',
    () => 'ended',
  );
  while (killed < most) {
    const moment = wait(random.uniform(0.05, 0.6) * 1000 * seconds, 'now');
    if ((await Promise.race([ended, moment])) === 'ended') break;
    const busy = workers.status().workers.find((worker) => worker.busy);
    if (busy?.pid === undefined) continue;
    process.kill(busy.pid, 'SIGKILL');
    killed += 1;
  }
  await during;
  return killed;
}
