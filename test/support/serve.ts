import { onTestFinished } from 'vitest';
import { createClient, type Client } from '../../core/contract/client.ts';
import type { Running } from './cli.ts';
import { startCli } from './cli.ts';

/** A door that a process of its own serves. */
export interface Served {
  readonly command: Running;
  /** The address that lets in. */
  readonly address: string;
}

/** Starts `congeal serve` for the current test and waits until it listens. */
export async function startServe(
  words: readonly string[],
  stateFolder: string,
  command: readonly string[] = ['serve', '--no-open'],
): Promise<Served> {
  const running = startCli([...command, ...words], { env: { CONGEAL_STATE: stateFolder } });
  onTestFinished(async () => {
    running.kill('SIGKILL');
    await running.finished;
  });
  return { command: running, address: await running.matched(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/) };
}

/** A client of the door whose address lets in. */
export function clientAt(address: string): Client<AbortSignal> {
  const { origin, searchParams } = new URL(address);
  return createClient<AbortSignal>({
    base: origin,
    token: searchParams.get('token') ?? '',
    fetch: (at, { signal, ...request }) => fetch(at, { ...request, ...(signal ? { signal } : {}) }),
  });
}
