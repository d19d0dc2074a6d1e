import type { ProbeReport } from '../runtime/probe.ts';
import { probeProvider } from '../runtime/probe.ts';
import type { ProviderName } from '../runtime/providers.ts';
import { chooseProvider, providers } from '../runtime/providers.ts';
import { CongealError } from '../contract/errors.ts';
import type { JobContext } from './job.ts';

/** A provider as a list shows it. */
export interface ListedProvider {
  readonly name: ProviderName;
  readonly description: string;
  /** This machine and the runtime that is installed have it. */
  readonly offered: boolean;
  /** Why it is not offered, or what it needs; null where there is nothing to say. */
  readonly reason: string | null;
}

/** A provider and what its probe said: the largest relative error of its numbers and how fast it trains, or why not. */
export type Probed = ProbeReport & { readonly provider: ProviderName };

/** Every provider, and whether it is offered here. Nothing is tried. */
export function listProviders(): Promise<readonly ListedProvider[]> {
  return Promise.resolve(
    (Object.keys(providers) as ProviderName[]).map((name) => {
      const { description, needs } = providers[name];
      const refusal = whyNot(name);
      return { name, description, offered: refusal === undefined, reason: refusal ?? (needs && `needs ${needs}`) };
    }),
  );
}

/** Tries a provider in a process of its own, and says what came of it. One that is not offered here is not tried. */
export async function probe(
  { name }: { readonly name: ProviderName },
  { signal }: Pick<JobContext, 'signal'>,
): Promise<Probed> {
  const reason = whyNot(name);
  return reason === undefined ? await probeProvider(name, { signal }) : { provider: name, ok: false, reason };
}

/** Why a provider is not offered here; undefined where it is. */
export function whyNot(name: ProviderName): string | undefined {
  try {
    chooseProvider(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof CongealError)) throw error;
    return error.message;
  }
}
