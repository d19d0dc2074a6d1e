import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NetworkDescription } from '../../core/contract/network.ts';
import { networkDescription } from '../../core/contract/network.ts';

const folder = resolve(import.meta.dirname, '../../resources/networks');

/** A network that comes with the program, by the name of its file. */
export function shippedNetwork(name: string): NetworkDescription {
  return networkDescription.parse(JSON.parse(readFileSync(resolve(folder, `${name}.json`), 'utf8')));
}
