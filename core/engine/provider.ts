import type { Workers } from '../compute/supervisor/workers.ts';

/**
 * Where jobs compute, from the name that was asked for; `auto` is the processor until other providers are offered.
 *
 * **Throws** CongealError `unsupported` for a provider that is not offered here.
 */
export async function chooseComputing(asked: string, workers: Workers, signal: AbortSignal): Promise<'cpu'> {
  if (asked === 'auto' || asked === 'cpu') return 'cpu';
  return await workers.call('choose provider', { asked }, { signal, priority: 'run' });
}
