import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Client } from '../../core/contract/client.ts';
import { createClient } from '../../core/contract/client.ts';
import { createEngine } from '../../core/engine/engine.ts';
import type { Engine, EngineOptions } from '../../core/engine/engine.ts';
import type { Log } from '../../core/engine/log.ts';
import { silentLog } from '../../core/engine/log.ts';
import { createHandlers } from '../../core/engine/handlers.ts';
import { createApp } from '../../core/engine/http/app.ts';
import { temporaryFolder } from './temporary.ts';

/** An engine with a client that asks it over HTTP without a socket, and folders that only this test has. */
export interface EngineWorld {
  readonly engine: Engine;
  readonly client: Client<AbortSignal>;
  /** Granted root; tests put images into it. */
  readonly root: string;
  readonly stateFolder: string;
}

/** Bugs show what they are in the output of the test that met them. */
const bugLog: Log = {
  ...silentLog,
  error: (fields, message) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

/** Makes an engine for the current test; it is closed when the test has finished. */
export function engineWorld(options: Pick<EngineOptions, 'workers'> = {}): EngineWorld {
  const folder = temporaryFolder();
  const root = join(folder, 'root');
  mkdirSync(root);
  return engineAt({ root, stateFolder: join(folder, 'state') }, options);
}

/** Makes an engine where another one was: it finds what that has left. */
export function engineAt(
  { root, stateFolder }: Pick<EngineWorld, 'root' | 'stateFolder'>,
  options: Pick<EngineOptions, 'workers'> = {},
): EngineWorld {
  const cacheFolder = join(dirname(stateFolder), 'cache');
  const engine = createEngine({ stateFolder, cacheFolder, roots: [root], log: bugLog, ...options });
  onTestFinished(() => engine.close());
  const app = createApp({ engine, handlers: createHandlers(engine) });
  const client = createClient<AbortSignal>({
    base: 'http://127.0.0.1',
    fetch: async (address, request) => app.request(address, request),
  });
  return { engine, client, root, stateFolder };
}
