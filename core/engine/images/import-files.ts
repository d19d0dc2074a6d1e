import { stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { CongealError } from '../../contract/errors.ts';
import { scanFolder } from '../../datasets/folder.ts';
import type { ProjectReader } from '../../store/database.ts';
import { pageKnownFiles, type KnownFile } from '../../store/known-files.ts';
import { projectFileName } from '../outputs.ts';

/** A file that may become an image of the collection. */
export interface FoundFile {
  /** Absolute path. */
  readonly path: string;
  /** Path within its folder with `/`: what people are shown. */
  readonly name: string;
}

/** A file that cannot become one, and why. */
export interface LostFile extends FoundFile {
  readonly code: string;
  readonly reason: string;
}

/** What some folders hold. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly failures: readonly LostFile[];
}

/** A file as it lies there now: size in bytes, and when it was last written in milliseconds since 1970. */
export interface FileState extends FoundFile {
  readonly bytes: number;
  readonly modifiedAt: number | null;
}

const pageLength = 2000;
const statsAtOnce = 64;

/** Everything that the project knows of files, by path; read in pieces, so that requests are answered meanwhile. */
export async function readKnownFiles(
  project: ProjectReader,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownFile>> {
  const known = new Map<string, KnownFile>();
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const page = pageKnownFiles(project, after, pageLength);
    for (const file of page) known.set(file.path, file);
    if (page.length < pageLength) return known;
    after = page[page.length - 1].id;
    await breathe();
  }
}

/**
 * The files of folders that look like images, each once, without those that earlier runs have written there.
 *
 * **Throws** as `scanFolder`; an empty folder is an error only when it is the only one.
 */
export async function findFiles(folders: readonly string[], signal: AbortSignal): Promise<FoundFiles> {
  const files = new Map<string, FoundFile>();
  const failures = new Map<string, LostFile>();
  for (const folder of folders) {
    try {
      const scan = await scanFolder(folder, signal);
      const results = await resultFolders(scan.images);
      const isOurs = (id: string) => results.some((prefix) => id.startsWith(prefix));
      for (const { id, path } of scan.images) if (!isOurs(id)) files.set(path, { path, name: id });
      for (const { id, path, code, reason } of scan.failures)
        if (!isOurs(id)) failures.set(path, { path, name: id, code, reason });
    } catch (error) {
      if (folders.length === 1 || !(error instanceof CongealError) || error.code !== 'input-empty') throw error;
    }
  }
  return { files: [...files.values()], failures: [...failures.values()] };
}

/** Sizes and times of files, several at a time; files that are gone are left out. */
export async function* statesOf(
  files: readonly FoundFile[],
  signal: AbortSignal,
): AsyncGenerator<readonly FileState[]> {
  for (let at = 0; at < files.length; at += statsAtOnce) {
    signal.throwIfAborted();
    const states = files.slice(at, at + statsAtOnce).map(async (file): Promise<FileState | undefined> => {
      const found = await stat(file.path).catch(() => undefined);
      return found && { ...file, bytes: found.size, modifiedAt: Math.floor(found.mtimeMs) };
    });
    yield (await Promise.all(states)).filter((state) => state !== undefined);
  }
}

/** A file's name within the innermost of some folders that holds it. */
export function nameWithin(path: string, folders: readonly string[]): string {
  let shortest: string | undefined;
  for (const folder of folders) {
    if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) continue;
    const name = relative(folder, path);
    if (shortest === undefined || name.length < shortest.length) shortest = name;
  }
  return sep === '/' ? (shortest ?? basename(path)) : (shortest ?? basename(path)).split(sep).join('/');
}

/** Folders of a scan, as prefixes of names, that hold what a run has written: means and crops are no originals. */
async function resultFolders(
  images: readonly { readonly id: string; readonly path: string }[],
): Promise<readonly string[]> {
  const folders = new Map<string, string>();
  for (const { id, path } of images) {
    let [name, folder] = [id, path];
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/')) {
      name = name.slice(0, end);
      folder = folder.slice(0, folder.lastIndexOf(sep));
      if (folders.has(name)) break;
      folders.set(name, folder);
    }
  }
  const found: string[] = [];
  for (const [name, folder] of folders)
    if ((await stat(join(folder, projectFileName)).catch(() => undefined)) !== undefined) found.push(`${name}/`);
  return found;
}
