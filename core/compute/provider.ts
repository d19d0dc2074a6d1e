import { CongealError } from '../contract/errors.ts';
import { chooseProvider } from '../runtime/providers.ts';

/**
 * Where a job computes, from the name that was asked for; `auto` is the processor, and so far jobs compute nowhere else.
 *
 * **Throws** CongealError `unsupported` for a provider that is not offered here.
 */
export function chooseComputing(asked: string): 'cpu' {
  const chosen = asked === 'auto' ? 'cpu' : chooseProvider(asked);
  if (chosen === 'cpu') return 'cpu';
  throw new CongealError('unsupported', `The provider '${chosen}' is not offered for runs yet. Use 'cpu'.`);
}
