import { chooseProvider } from '../runtime/providers.ts';

/**
 * Where a job computes, from the name that was asked for; `auto` is the processor until other providers are offered.
 *
 * **Throws** CongealError `unsupported` for a provider that is not offered here.
 */
export function chooseComputing(asked: string): 'cpu' {
  if (asked !== 'auto') chooseProvider(asked);
  return 'cpu';
}
