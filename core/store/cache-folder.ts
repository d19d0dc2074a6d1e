import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What of the surroundings decides where the cache stands. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The user's cache folder for this program; `CONGEAL_CACHE` overrides what the system suggests. */
export function cacheFolder(
  { platform, environment, home }: Surroundings = {
    platform: process.platform,
    environment: process.env,
    home: homedir(),
  },
): string {
  const chosen = environment['CONGEAL_CACHE'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'congeal');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'congeal', 'cache');
  const base = environment['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(home, '.cache') : base, 'congeal');
}
