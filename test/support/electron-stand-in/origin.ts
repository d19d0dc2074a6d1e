import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** Answers a request as `protocol.handle` does. */
export type ProtocolHandler = (request: Request) => Response | Promise<Response>;

/** The origin that stands for `app://congeal` in a browser which knows no such scheme. */
export interface Origin {
  /** The address in the browser for one of the shell. */
  readonly toBrowser: (address: string) => string;
  readonly toShell: (address: string) => string;
  readonly handle: (handler: ProtocolHandler) => void;
  readonly close: () => void;
}

/**
 * Opens the origin: a name that only this machine has, answered by whatever handles `app://`. What is streamed is streamed,
 * and who goes away cancels the answer's body; as in Electron, requests carry no signal.
 */
export async function openOrigin(): Promise<Origin> {
  let handler: ProtocolHandler = () => new Response(null, { status: 404 });
  const server = createServer((incoming, outgoing) => void answer(handler, incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `http://congeal.localhost:${(server.address() as AddressInfo).port}`;
  return {
    toBrowser: (address) => address.replace(/^app:\/\/congeal(?=\/|$)/, host),
    toShell: (address) => (address.startsWith(`${host}/`) ? `app://congeal${address.slice(host.length)}` : address),
    handle: (next) => (handler = next),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(handler: ProtocolHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(`app://congeal${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
  });
  try {
    const response = await handler(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body === null) outgoing.end();
    else {
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      outgoing.on('close', () => void reader.cancel().catch(() => undefined));
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) outgoing.write(piece.value);
      outgoing.end();
    }
  } catch {
    outgoing.destroy();
  }
}
