import { serve } from '@hono/node-server';
import type { Server } from 'node:http';
import { CongealError } from '../../contract/errors.ts';
import type { Engine } from '../engine.ts';
import type { Handlers } from '../handler.ts';
import { createApp } from './app.ts';
import type { DoorFiles } from './door-files.ts';
import { createTickets } from './ticket.ts';
import { createToken } from './token.ts';

/** Where a door is opened. */
export interface ListenOptions {
  readonly engine: Engine;
  readonly handlers: Handlers;
  /** 0 or undefined: any that is free. */
  readonly port?: number;
  readonly files?: DoorFiles;
}

/** A door that is open. */
export interface Door {
  readonly port: number;
  readonly token: string;
  /** The address that lets a browser in. */
  readonly address: string;
  /** The same, for one use: for places where others may read it. */
  readonly oneTimeAddress: () => string;
  readonly close: () => Promise<void>;
}

/**
 * Opens a door on the loopback interface, for this machine alone.
 *
 * **Throws** CongealError `usage` when the port is taken or not allowed.
 */
export async function listen({ engine, handlers, port = 0, files }: ListenOptions): Promise<Door> {
  const token = createToken();
  const tickets = createTickets();
  const app: { fetch: ReturnType<typeof createApp>['fetch'] } = { fetch: () => new Response(null, { status: 503 }) };
  const server = await started(
    (ready) =>
      serve(
        {
          fetch: (request, environment) => app.fetch(request, environment),
          hostname: '127.0.0.1',
          port,
          serverOptions: { headersTimeout: 10_000, requestTimeout: 600_000, maxHeaderSize: 16_384 },
        },
        ({ port: chosen }) => ready(chosen),
      ) as Server,
    port,
  );
  app.fetch = createApp({
    engine,
    handlers,
    security: { token, port: server.port, tickets },
    ...(files === undefined ? {} : { files }),
  }).fetch;
  return {
    port: server.port,
    token,
    address: `http://127.0.0.1:${server.port}/?token=${token}`,
    oneTimeAddress: () => `http://127.0.0.1:${server.port}/?token=${tickets.issue()}`,
    close: () =>
      new Promise((resolve) => {
        server.server.close(() => resolve());
        server.server.closeAllConnections();
      }),
  };
}

function started(
  open: (ready: (port: number) => void) => Server,
  wanted: number,
): Promise<{ readonly server: Server; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = open((port) => resolve({ server, port }));
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${cause.code ?? ''})`;
      reject(new CongealError('usage', `Port ${wanted} ${reason}. Choose another, or leave out --port.`, { cause }));
    });
  });
}
