import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { CongealError } from '../../contract/errors.ts';
import type { Engine } from '../engine.ts';
import type { Handlers } from '../handler.ts';
import { shellHandlers } from '../handlers/shell.ts';
import { createApp } from './app.ts';

/**
 * Opens a door on a pipe: a Unix socket, or a named pipe of Windows. It asks for no token, so it must lie where only its
 * user gets: in a folder of their own, or under a name that nobody can guess.
 *
 * **Throws** CongealError `usage` when the pipe cannot be made.
 */
export async function listenOnPipe(engine: Engine, handlers: Handlers, path: string): Promise<() => Promise<void>> {
  const app = createApp({ engine, handlers, shell: shellHandlers(engine) });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen({ path });
  await once(server, 'listening').catch((cause: unknown) => {
    throw new CongealError('usage', `The pipe ${path} cannot be made. Name another place with --pipe.`, { cause });
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
