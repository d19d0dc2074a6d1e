import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the program keeps what it remembers between starts: `CONGEAL_STATE`, or where the system puts such things. */
export function defaultStateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { CONGEAL_STATE: own, XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own !== undefined && own !== '') return own;
  if (process.platform === 'win32') return join(local ?? join(homedir(), 'AppData', 'Local'), 'Congeal', 'State');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Congeal');
  return join(xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.local', 'state'), 'congeal');
}
