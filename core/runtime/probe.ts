import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProviderName } from './providers.ts';

/** What a probe process says of a provider: the largest relative error of its numbers and how fast it trains, or why not. */
export type ProbeReport =
  | { readonly ok: true; readonly error: number; readonly millisecondsPerStep: number }
  | { readonly ok: false; readonly reason: string };

/** A provider and what its probe said. */
export type Probed = ProbeReport & { readonly provider: ProviderName };

/** Limits of a probe, and the program it runs. */
export interface ProbeOptions {
  /** After this time the process is killed; the first start of a driver can take seconds. */
  readonly timeoutMilliseconds?: number;
  readonly signal?: AbortSignal | undefined;
  /** Another program than the real one, for tests of processes that hang or die. */
  readonly program?: URL;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Tries a provider in a process of its own: whether it exists here, computes right numbers for a convolution, a sampler, a
 * scatter and an Adam step, and how fast. Never throws for what the provider does; a crash is a report as well.
 *
 * **Throws** the signal's reason when it is aborted.
 */
export async function probeProvider(provider: ProviderName, options: ProbeOptions = {}): Promise<Probed> {
  const { timeoutMilliseconds = 60_000, signal, environment: env = process.env } = options;
  const program = options.program ?? new URL('./probe-process.ts', import.meta.url);
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(program), [provider], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env,
  });
  const report = await new Promise<ProbeReport>((resolve) => {
    const late = setTimeout(() => {
      resolve({ ok: false, reason: `it gave no answer within ${timeoutMilliseconds / 1000} s` });
    }, timeoutMilliseconds);
    const stop = () => resolve({ ok: false, reason: 'cancelled' });
    signal?.addEventListener('abort', stop, { once: true });
    child.once('message', (message) => resolve(message as ProbeReport));
    child.once('error', (error) => resolve({ ok: false, reason: `its process cannot be started: ${error.message}` }));
    child.once('exit', (code, by) => {
      clearTimeout(late);
      signal?.removeEventListener('abort', stop);
      resolve({ ok: false, reason: `its process died (${by ?? `exit ${code ?? '?'}`})` });
    });
  });
  child.kill('SIGKILL');
  signal?.throwIfAborted();
  return { provider, ...report };
}

/** The provider that a measured step speaks for, and why. */
export interface ProviderChoice {
  readonly provider: ProviderName;
  readonly reason: string;
}

/** The fastest provider whose numbers are right; the processor where none was tried or passed. */
export function chooseFastest(probed: readonly Probed[]): ProviderChoice {
  const passed = probed.flatMap((one) => (one.ok ? [one] : [])).sort(byTime);
  if (passed.length === 0)
    return { provider: 'cpu', reason: ['no other provider works here', ...probed.map(say)].join('; ') };
  return { provider: passed[0].provider, reason: [...passed, ...probed.filter((one) => !one.ok)].map(say).join('; ') };
}

function byTime(a: Extract<Probed, { ok: true }>, b: Extract<Probed, { ok: true }>): number {
  return a.millisecondsPerStep - b.millisecondsPerStep;
}

function say(one: Probed): string {
  return one.ok
    ? `${one.provider}: ${one.millisecondsPerStep.toPrecision(3)} ms per training step`
    : `${one.provider}: ${one.reason}`;
}
