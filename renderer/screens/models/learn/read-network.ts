import { networkDescription, type NetworkDescription } from '../../../../core/contract/network.ts';

/** The largest file that is read: a description is a few lines a layer. */
const mostBytes = 1_000_000;

/** Reads a network that is described in a file. **Throws** an Error that says what is wrong with it, for a person. */
export async function readNetwork(file: File): Promise<NetworkDescription> {
  const help = 'docs/networks.md says how networks are described.';
  if (file.size > mostBytes)
    throw new Error(`${file.name} has ${file.size} bytes; a network takes at most ${mostBytes}. Choose another file.`);
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is no JSON. Choose a file that describes a network; ${help}`);
  }
  const read = networkDescription.safeParse(value);
  if (read.success) return read.data;
  const [{ path, message }] = read.error.issues;
  const where = path.length === 0 ? '' : ` at ${path.join('.')}`;
  throw new Error(`${file.name} describes no network${where}: ${message}. Mend it and choose it again; ${help}`);
}
