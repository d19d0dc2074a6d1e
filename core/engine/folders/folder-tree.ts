import { createHmac, randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { access, mkdir, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import { looksLikeImage } from '../../datasets/folder.ts';

/** Something in a folder that can be chosen. The id means something to this engine only; it does not tell the path. */
export interface FolderEntry {
  readonly id: string;
  readonly name: string;
}

/** What lies in a folder. */
export interface FolderListing {
  readonly folder: FolderEntry;
  /** From its root down. */
  readonly parents: readonly FolderEntry[];
  readonly folders: readonly FolderEntry[];
  readonly projects: readonly FolderEntry[];
  /** Files directly in it that look like images. */
  readonly images: number;
  readonly writable: boolean;
  /** There are more entries than are listed. */
  readonly more: boolean;
}

/** The folders of this machine below the roots that were granted. */
export interface FolderTree {
  readonly roots: () => Promise<readonly FolderEntry[]>;
  /** **Throws** CongealError `not-found`, `forbidden`, `input-unreadable`. */
  readonly list: (id: string) => Promise<FolderListing>;
  /** Makes a folder in a folder. **Throws** as `list`, and `conflict`, `output-unwritable`. */
  readonly make: (id: string, name: string) => Promise<FolderEntry>;
  /** The real path behind an id, as long as it still lies within a root. **Throws** as `list`. */
  readonly pathOf: (id: string) => Promise<string>;
  /** The id by which this engine knows a path. */
  readonly idOf: (path: string) => string;
}

/** So many folders and so many project files of one folder are listed. */
const mostListed = 2000;

/** So many paths are remembered by their ids. */
const mostKnown = 100_000;

const projectExtension = '.congeal';

/**
 * Makes the tree below some roots. Ids are made from the path with a secret of this engine; only those that it has given
 * out mean anything. Links are not followed: what is asked for must lie, in truth, where it seems to lie.
 */
export function createFolderTree(rootPaths: readonly string[]): FolderTree {
  const secret = randomBytes(32);
  const known = new Map<string, string>();
  const idOf = (path: string): string => {
    const id = createHmac('sha256', secret).update(path).digest('base64url').slice(0, 22);
    known.delete(id);
    known.set(id, path);
    if (known.size > mostKnown) known.delete(known.keys().next().value ?? '');
    return id;
  };
  const entryOf = (path: string): FolderEntry => ({ id: idOf(path), name: basename(path) || path });
  const realRoots = async (): Promise<readonly string[]> => {
    const found = await Promise.all(rootPaths.map((root) => realpath(root).catch(() => undefined)));
    return [...new Set(found.filter((root) => root !== undefined))];
  };
  const pathOf = async (id: string): Promise<string> => {
    const path = known.get(id);
    if (path === undefined)
      throw new CongealError('not-found', 'There is no folder of this id; list the folders again.');
    const real = await realpath(path).catch((cause: unknown) => {
      throw new CongealError('not-found', `${basename(path)} is no longer there; list the folders again.`, { cause });
    });
    const roots = await realRoots();
    if (real !== path || !roots.some((root) => isWithin(real, root)))
      throw new CongealError('forbidden', `${basename(path)} lies outside the folders that may be looked at.`);
    return real;
  };
  return {
    idOf,
    pathOf,
    roots: async () => (await realRoots()).map(entryOf),
    list: async (id) => {
      const path = await pathOf(id);
      const entries = await entriesOf(path);
      const named = (wanted: (entry: Dirent) => boolean) =>
        entries
          .filter(wanted)
          .map((entry) => entry.name)
          .sort(compareNames);
      const folders = named((entry) => entry.isDirectory());
      const projects = named((entry) => entry.isFile() && entry.name.endsWith(projectExtension));
      const list = (names: readonly string[]) => names.slice(0, mostListed).map((name) => entryOf(join(path, name)));
      return {
        folder: entryOf(path),
        parents: parentsOf(path, await realRoots()).map(entryOf),
        folders: list(folders),
        projects: list(projects),
        images: entries.filter((entry) => entry.isFile() && looksLikeImage(entry.name)).length,
        writable: await isWritable(path),
        more: folders.length > mostListed || projects.length > mostListed,
      };
    },
    make: async (id, name) => {
      const parent = await pathOf(id);
      const path = join(parent, name);
      if (name.startsWith('.') || basename(path) !== name || dirname(path) !== parent)
        throw new CongealError('malformed', `A folder cannot be called ${JSON.stringify(name)}; choose a plain name.`);
      await mkdir(path).catch((cause: unknown) => {
        throw explainMake(cause, name);
      });
      return entryOf(await realpath(path));
    },
  };
}

/** True for a folder and everything below it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Whether new files can be made in a folder. */
export async function isWritable(folder: string): Promise<boolean> {
  return await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function entriesOf(path: string): Promise<readonly Dirent[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  } catch (cause) {
    throw new CongealError(
      'input-unreadable',
      `The folder ${basename(path)} could not be read. Check its permissions.`,
      {
        cause,
      },
    );
  }
}

function parentsOf(path: string, roots: readonly string[]): readonly string[] {
  const parents: string[] = [];
  const inRoots = (one: string) => roots.some((root) => isWithin(one, root));
  for (let at = dirname(path); at !== path && inRoots(at); at = dirname(at)) {
    parents.unshift(at);
    if (dirname(at) === at) break;
  }
  return parents;
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' }) || (a < b ? -1 : 1);
}

function explainMake(cause: unknown, name: string): CongealError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'EEXIST')
    return new CongealError('conflict', `There is a ${name} already; choose another name.`, { cause });
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new CongealError(
    full ? 'disk-full' : 'output-unwritable',
    `The folder ${name} could not be made (${code}). ${full ? 'Free some space' : 'Check the permissions and the disk'} and try again.`,
    { cause },
  );
}
