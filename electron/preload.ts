import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge, DesktopCommand, DesktopGrant, ShellRequest } from '../core/contract/desktop.ts';

/*
 * The one bridge between the page and the shell. It offers what it offers by name; there is no way to send anything else.
 */

async function ask(name: ShellRequest, ...words: readonly unknown[]): Promise<unknown> {
  try {
    return await ipcRenderer.invoke(`congeal:${name}`, ...words);
  } catch (error) {
    // Electron puts the channel before the message, which is of no use to people.
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.replace(/^Error invoking remote method '[^']*': (\w*Error: )?/, ''), { cause: error });
  }
}

const listeners = new Set<(command: DesktopCommand) => void>();
const early: DesktopCommand[] = [];

ipcRenderer.on('congeal:command', (_event, command: DesktopCommand) => {
  if (listeners.size === 0) early.push(command);
  for (const listener of listeners) listener(command);
});

const bridge: DesktopBridge<File> = {
  pickFolder: (purpose) => ask('pickFolder', purpose) as Promise<DesktopGrant | undefined>,
  pickFiles: (purpose) => ask('pickFiles', purpose) as Promise<readonly DesktopGrant[]>,
  saveAs: (file) => ask('saveAs', file) as Promise<string | undefined>,
  reveal: async (place) => {
    await ask('reveal', place);
  },
  pathsOfDrop: async (files) => {
    const paths = files.map((file) => webUtils.getPathForFile(file));
    const grants = (await ask('grantDropped', paths)) as readonly (DesktopGrant | null)[];
    return grants.map((grant) => grant ?? undefined);
  },
  onCommand: (listener) => {
    listeners.add(listener);
    for (const command of early.splice(0)) listener(command);
    return () => {
      listeners.delete(listener);
    };
  },
  restartEngine: async () => {
    await ask('restartEngine');
  },
};

contextBridge.exposeInMainWorld('congeal', bridge);
