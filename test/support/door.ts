import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../core/engine/engine.ts';
import { createHandlers } from '../../core/engine/handlers.ts';
import type { DoorFiles } from '../../core/engine/http/door-files.ts';
import type { Door } from '../../core/engine/http/listen.ts';
import { listen } from '../../core/engine/http/listen.ts';

/** Opens a real door for the current test. */
export async function openDoor(engine: Engine, files?: DoorFiles): Promise<Door> {
  const door = await listen({ engine, handlers: createHandlers(engine), ...(files === undefined ? {} : { files }) });
  onTestFinished(() => door.close());
  return door;
}

/** A request byte by byte as it is written here: no library corrects its path, its host or its headers. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** What came back. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a plain request to a port of this machine. */
export async function send(port: number, { method, path, headers = {}, body }: PlainRequest): Promise<PlainAnswer> {
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
  // A refused body may be cut off while it is still being sent.
  sent.on('error', () => undefined);
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end(body);
  const [answer] = await answered;
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}
