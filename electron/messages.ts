import type { IpcMainInvokeEvent } from 'electron';
import { ipcMain } from 'electron';
import type { z } from 'zod';
import type { ShellRequest } from '../core/contract/desktop.ts';
import { shellRequests } from '../core/contract/desktop.ts';
import { isOurs } from './app-address.ts';

/** What answers each request of the page. */
export type RequestHandlers = {
  readonly [Name in ShellRequest]: (...words: z.output<(typeof shellRequests)[Name]>) => unknown;
};

/** The channel on which commands go to the page. */
export const commandChannel = 'congeal:command';

/** Answers the page's requests. Every message is checked: that the program's own page sent it, and what it says. */
export function answerRequests(handlers: RequestHandlers): void {
  for (const name of Object.keys(shellRequests) as ShellRequest[])
    ipcMain.handle(`congeal:${name}`, async (event, ...words: unknown[]) => {
      if (!isOurPage(event)) throw new Error('Only the program’s own page may ask this.');
      const parsed = shellRequests[name].safeParse(words);
      if (!parsed.success) throw new Error(`The request ${name} does not fit: ${parsed.error.issues[0].message}.`);
      return await (handlers[name] as (...checked: unknown[]) => unknown)(...parsed.data);
    });
}

/** Only the page itself, at the program's own address: no frame within it, no other page. */
function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOurs(senderFrame.url);
}
