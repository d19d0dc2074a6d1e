import { describe, expect, it } from 'vitest';
import type { DesktopCommand } from '../../core/contract/desktop.ts';
import { menuTemplate } from '../../electron/menu.ts';
import { programCommands } from '../../renderer/app/program-commands.ts';
import type { WindowState } from '../../renderer/state/window.svelte.ts';
import { foldingId } from '../../renderer/ui/folding-id.ts';

/** What the desktop's menu asks of the page, with the keys that it shows beside it. */
function askedByMenu(platform: NodeJS.Platform) {
  const told: DesktopCommand[] = [];
  const nothing = () => undefined;
  const template = menuTemplate({
    ...{ platform, hasDeveloperTools: true, recent: [], tell: (command) => told.push(command) },
    ...{ openProject: nothing, addImages: nothing, forgetRecent: nothing, showLog: nothing, follow: nothing },
  });
  const items = template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  return items.flatMap(({ click, accelerator }) => {
    told.length = 0;
    (click as (() => void) | undefined)?.();
    return told.flatMap((command) =>
      command.kind === 'command' ? [{ id: command.id, keys: accelerator?.replace('CmdOrCtrl', '$mod') }] : [],
    );
  });
}

describe('what the menus of the desktop ask of the page', () => {
  const commands = programCommands(undefined as unknown as WindowState, () => undefined);

  it.each(['darwin', 'win32', 'linux'] as const)(
    'on %s is known there, under the keys that the menu shows',
    (platform) => {
      const asked = askedByMenu(platform);
      expect(asked.length).toBeGreaterThan(12);
      const known = new Set([foldingId, ...commands.map(({ id }) => id)]);
      expect(asked.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
      for (const { id, keys } of asked)
        if (keys !== undefined)
          expect(commands.find((one) => one.id === id)?.keys.map((one) => one.toLowerCase())).toContain(
            keys.toLowerCase(),
          );
    },
  );
});
