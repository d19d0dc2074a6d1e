import { resolve } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import { type NetworkDescription, networkDescription } from '../../contract/network.ts';
import { shippedNetworks } from '../../contract/options.ts';
import { readJson } from '../../datasets/json.ts';
import { readGiven } from '../given-file.ts';

const folder = resolve(import.meta.dirname, '../../../resources/networks');
const mostBytes = 2 ** 20;

/**
 * The network that a name or a JSON file describes.
 *
 * **Throws** CongealError `usage` for what is neither, `input-missing`, `input-unreadable`, `too-large`.
 */
export async function readNetwork(given: string): Promise<NetworkDescription> {
  const shipped = shippedNetworks.find((name) => name === given);
  if (shipped === undefined && !given.endsWith('.json'))
    throw new CongealError(
      'usage',
      `--net: there is no network '${given}'. Expected ${shippedNetworks.join(', ')}, or a .json file that describes one.`,
    );
  const path = shipped === undefined ? resolve(given) : resolve(folder, `${shipped}.json`);
  const text = (await readGiven('--net', path)).toString('utf8');
  if (text.length > mostBytes)
    throw new CongealError(
      'too-large',
      `--net: ${path} has more than 1 MiB; that is no description of a network. Name another file.`,
    );
  return readJson(text, path, networkDescription);
}
