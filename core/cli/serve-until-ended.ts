import type { ServeOptions } from '../engine/http/serve-door.ts';
import { openBrowser } from './open-browser.ts';

/** How a browser door is offered. */
export interface ServingManners extends ServeOptions {
  readonly open: boolean;
  readonly json: boolean;
}

/** Opens the browser door, says where it is, and keeps it open until Ctrl-C or until someone asks the engine to end. */
export async function serveUntilEnded({ open, json, ...options }: ServingManners): Promise<void> {
  const { serveDoor } = await import('../engine/http/serve-door.ts');
  const door = await serveDoor(options);
  // Whoever reads the address may end the door in the same instant: it has to listen to signals before it speaks.
  const interruption = interrupted();
  if (json) write(JSON.stringify({ event: 'listening', address: door.address, port: door.port }));
  else {
    write(`Congeal is open at\n\n  ${door.address}\n`);
    write('Only this machine, and only with this address. Ctrl-C ends it.');
  }
  if (door.readOnlyReason !== undefined) process.stderr.write(`For looking only: ${door.readOnlyReason}\n`);
  if (open && !(await openBrowser(door.oneTimeAddress())) && !json)
    write('No browser could be started here; open the address yourself.');
  await Promise.race([door.ended, interruption]);
  await door.close();
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
