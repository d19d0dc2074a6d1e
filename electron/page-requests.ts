import { shell as system } from 'electron';
import { basename } from 'node:path';
import type { DesktopGrant, DesktopPurpose } from '../core/contract/desktop.ts';
import { chooseFolder, chooseProjects, chooseTarget } from './dialogs.ts';
import type { RequestHandlers } from './messages.ts';
import { saveAnswer } from './save-answer.ts';
import type { Shell } from './shell.ts';

/** What the shell does for its page: dialogs whose answers the engine turns into grants; no path reaches the page. */
export function pageRequests(shell: Shell): RequestHandlers {
  const grant = async (paths: readonly string[], purpose: DesktopPurpose | null): Promise<(DesktopGrant | null)[]> =>
    paths.length === 0 ? [] : (await (await shell.client()).grant({ paths: [...paths], purpose })).grants;
  return {
    pickFolder: async (purpose) => {
      const path = await chooseFolder(shell.window, purpose);
      return path === undefined ? undefined : ((await grant([path], purpose))[0] ?? undefined);
    },
    pickFiles: async (purpose) => {
      const grants = await grant(await chooseProjects(shell.window), purpose);
      return grants.filter((one) => one !== null);
    },
    saveAs: async ({ address, name }) => {
      const path = await chooseTarget(shell.window, name);
      if (path === undefined) return undefined;
      await saveAnswer(await shell.forward(new Request(`http://congeal${address}`), address), path);
      return basename(path);
    },
    reveal: async (place) => {
      system.showItemInFolder((await (await shell.client()).locate(place)).path);
    },
    grantDropped: async (paths) => {
      const real = paths.filter((path) => path !== '');
      const grants = await grant(real, null);
      return paths.map((path) => (path === '' ? null : (grants.shift() ?? null)));
    },
    restartEngine: () => shell.restart(),
  };
}
