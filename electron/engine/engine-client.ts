import type { Client } from '../../core/contract/client.ts';
import { askCommand, createClient } from '../../core/contract/client.ts';
import type { ClientOptions } from '../../core/contract/client.ts';
import type { Answered, Asked } from '../../core/contract/command.ts';
import type { DoorEvent } from '../../core/contract/door-events.ts';
import { shellCommands } from '../../core/contract/shell-commands.ts';
import { subscribe } from '../../core/contract/subscription.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { askPipe } from './ask-pipe.ts';

type ShellCommands = typeof shellCommands;

/** How the shell asks the engine: what every door may, and what it alone may. */
export interface EngineClient {
  readonly commands: Client<AbortSignal>;
  readonly grant: (body: Asked<ShellCommands['grant']>['body']) => Promise<Answered<ShellCommands['grant']>>;
  readonly locate: (body: Asked<ShellCommands['locate']>['body']) => Promise<Answered<ShellCommands['locate']>>;
  /** Events until the signal is aborted. */
  readonly events: (signal: AbortSignal) => AsyncGenerator<DoorEvent>;
}

/** A client of the engine behind a pipe. Its functions throw the CongealError that the engine answered. */
export function createEngineClient(pipe: string): EngineClient {
  const options: ClientOptions<AbortSignal> = {
    base: '',
    fetch: (path, { headers, ...request }) => askPipe(pipe, { path, headers: Object.entries(headers), ...request }),
  };
  return {
    commands: createClient(options),
    grant: (body) => askCommand(options, shellCommands.grant, { body }),
    locate: (body) => askCommand(options, shellCommands.locate, { body }),
    events: async function* (signal) {
      const open = async (after: string | undefined) => {
        const headers = after === undefined ? [] : [['last-event-id', after] as const];
        const answer = await askPipe(pipe, { method: 'GET', path: '/api/events', headers, signal });
        return texts(answer);
      };
      const pause = (milliseconds: number) => wait(milliseconds, undefined, { signal });
      for await (const { event } of subscribe({ open, wait: pause, signal })) yield event;
    },
  };
}

async function* texts({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  const decoder = new TextDecoder();
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) yield decoder.decode(bytes, { stream: true });
}
