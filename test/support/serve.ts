import { onTestFinished } from 'vitest';
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
