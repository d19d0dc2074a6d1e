import { CongealError } from '../contract/errors.ts';
import type { ProviderChoice } from '../runtime/probe.ts';
import { chooseFastest, probeProvider } from '../runtime/probe.ts';
import type { ProviderName } from '../runtime/providers.ts';
import { chooseProvider, providers, providersHere } from '../runtime/providers.ts';
import type { JobContext } from './job.ts';
import { whyNot } from './providers.ts';

/** Where runs compute, and why there. */
export type Computing = ProviderChoice;

/** Tries one provider; another one than the real one where a test wants a machine that it does not have. */
type Probe = typeof probeProvider;

/**
 * Where runs compute, from the name that was asked for. `auto` tries every provider that can train here and takes the
 * fastest by a measured step; where none but the processor works, that is not even timed.
 *
 * **Throws** CongealError `unsupported` for a provider that was asked for by name and is not offered, does not train, or
 * fails its test.
 */
export async function chooseComputing(
  { asked }: { readonly asked: string },
  { signal }: Pick<JobContext, 'signal'>,
  probe: Probe = probeProvider,
): Promise<Computing> {
  if (asked !== 'auto') return await chooseNamed(chooseProvider(asked), signal, probe);
  const others = providersHere().filter((name) => name !== 'cpu' && providers[name].trains);
  const probed = [];
  for (const name of others.filter((name) => whyNot(name) === undefined)) probed.push(await probe(name, { signal }));
  if (probed.some(({ ok }) => ok)) probed.push(await probe('cpu', { signal }));
  return chooseFastest(probed);
}

async function chooseNamed(name: ProviderName, signal: AbortSignal, probe: Probe): Promise<Computing> {
  if (name === 'cpu') return { provider: name, reason: 'it was asked for' };
  if (!providers[name].trains)
    throw new CongealError(
      'unsupported',
      `The provider '${name}' runs models but does not train here. Use 'auto' or 'cpu'.`,
    );
  const probed = await probe(name, { signal });
  if (!probed.ok)
    throw new CongealError(
      'unsupported',
      `The provider '${name}' does not work here: ${probed.reason}. Use 'auto' or 'cpu'.`,
    );
  return { provider: name, reason: 'it was asked for' };
}
