import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Computing } from '../compute/provider.ts';
import { versions } from '../compute/supervisor/versions.ts';
import type { Workers } from '../compute/supervisor/workers.ts';
import { CongealError } from '../contract/errors.ts';
import { providerName } from '../contract/values.ts';
import { writeDurably } from './settings/settings-file.ts';
import { defaultStateFolder } from './state-folder.ts';

/** Who chooses, and where the choice is remembered. */
export interface Chooser {
  readonly workers: Workers;
  readonly signal: AbortSignal;
  readonly stateFolder?: string | undefined;
}

/**
 * Where jobs compute, from the name that was asked for. What `auto` found is kept in the state folder, for as long as the
 * versions of the program and of what it computes with stay the same.
 *
 * **Throws** CongealError `unsupported` for a provider that was asked for by name and cannot be used here.
 */
export async function chooseComputing(
  asked: string,
  { workers, signal, stateFolder = defaultStateFolder() }: Chooser,
): Promise<Computing> {
  if (asked === 'cpu') return { provider: 'cpu', reason: 'it was asked for' };
  const known = asked === 'auto' ? remembered(stateFolder) : undefined;
  if (known !== undefined) return known;
  const found = await workers.call('choose provider', { asked }, { signal, priority: 'run' });
  if (asked === 'auto') remember(stateFolder, found);
  return found;
}

/** What a person is told of the choice. */
export function sayComputing({ provider, reason }: Computing): string {
  return `Computing with ${provider === 'cpu' ? 'the processor' : provider} (${reason}).`;
}

const fileName = 'provider.json';

function circumstances(): Readonly<Record<string, string>> {
  return { ...versions(), machine: `${process.platform}-${process.arch}` };
}

function remembered(folder: string): Computing | undefined {
  try {
    const found = JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as Partial<Computing> & { for?: unknown };
    const provider = providerName.exclude(['auto']).safeParse(found.provider);
    const same = JSON.stringify(found.for) === JSON.stringify(circumstances());
    return same && provider.success && typeof found.reason === 'string'
      ? { provider: provider.data, reason: found.reason }
      : undefined;
  } catch {
    /* None yet, or broken: it is measured again. */
    return undefined;
  }
}

function remember(folder: string, { provider, reason }: Computing): void {
  const text = JSON.stringify({ provider, reason, for: circumstances() }, null, 2);
  try {
    writeDurably(folder, join(folder, fileName), `${text}\n`);
  } catch (error) {
    /* A run must not fail because the choice cannot be kept. */
    if (!(error instanceof CongealError)) throw error;
  }
}
