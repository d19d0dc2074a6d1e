import { stat } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { scanFolder } from '../datasets/folder.ts';
import type { ProjectReader } from '../store/database.ts';
import { listImages } from '../store/images.ts';
import { closeProject, openProject } from '../store/project-file.ts';
import { fromStoredPath } from '../store/project-paths.ts';
import type { Run } from '../store/runs.ts';
import { listRuns } from '../store/runs.ts';
import { isWithin } from './folders/folder-tree.ts';
import { realPath } from './folders/real-path.ts';
import { projectFileName } from './outputs.ts';

/** A file of a collection: its name within the collection (with `/`) and its absolute path. */
export interface SourceFile {
  readonly id: string;
  readonly path: string;
}

/** A collection before it is read: candidates, and what is known to be unusable without opening it. */
export interface Source {
  /** Absolute path of the folder that the names are relative to. */
  readonly root: string;
  readonly files: readonly SourceFile[];
  readonly failures: readonly (SourceFile & { readonly code: string; readonly reason: string })[];
  /** Folders inside that hold results of earlier runs, and are no part of the collection. */
  readonly leftOut: readonly string[];
}

const projectExtension = '.congeal';

/**
 * The images of a folder (with subfolders) or of a project file, in file-name order.
 *
 * @param out - the output folder: what lies in it is never part of the collection, nor are results of earlier runs
 *
 * **Throws** CongealError `usage`, `input-missing`, `input-empty`, `input-unreadable`, `project-invalid`, `project-newer`.
 */
export async function resolveSource(folder: string, out: string, signal: AbortSignal): Promise<Source> {
  const path = resolve(folder);
  const source = (await isProject(path)) ? fromProject(path) : await fromFolder(path, signal);
  const root = realPath(source.root);
  const target = realPath(resolve(out));
  if (root === target)
    throw new CongealError(
      'usage',
      `--out ${target} is the folder of the images itself. Choose another output folder.`,
    );
  const results = [...(await resultFolders(source)), ...(isWithin(target, root) ? [relative(root, target)] : [])];
  const within = results.map((name) => `${name.split(sep).join('/')}/`);
  const outside = ({ id }: SourceFile) => !within.some((prefix) => id.startsWith(prefix));
  const kept = { ...source, files: source.files.filter(outside), failures: source.failures.filter(outside) };
  if (kept.files.length + kept.failures.length === 0)
    throw new CongealError(
      'input-empty',
      `No images were found in ${path}. Expected JPEG, PNG, WebP, TIFF, GIF or AVIF files in it or its subfolders.`,
    );
  const lost = source.files.length - kept.files.length;
  return { ...kept, leftOut: lost > 0 ? results : [] };
}

/** Folders of a collection, relative to its root, that hold a run's project file: its means and crops are no images. */
async function resultFolders({ root, files }: Pick<Source, 'root' | 'files'>): Promise<readonly string[]> {
  const folders = new Set<string>();
  for (const { id } of files)
    for (let end = id.lastIndexOf('/'); end > 0 && !folders.has(id.slice(0, end)); end = id.lastIndexOf('/', end - 1))
      folders.add(id.slice(0, end));
  const found: string[] = [];
  for (const folder of folders)
    if ((await stat(join(root, folder, projectFileName)).catch(() => undefined)) !== undefined) found.push(folder);
  return found.sort();
}

async function isProject(path: string): Promise<boolean> {
  if (extname(path) !== projectExtension) return false;
  return (await stat(path).catch(() => undefined))?.isDirectory() !== true;
}

type Scanned = Omit<Source, 'leftOut'>;

function fromProject(path: string): Scanned {
  const project = openProject(path, { readOnly: true });
  try {
    const paths = listImages(project).map((image) => image.path);
    const root = rememberedRoot(project, listRuns(project).at(-1)) ?? commonFolder(paths, dirname(path));
    const files = paths
      .filter((file) => isWithin(file, root))
      .map((file) => ({ id: relative(root, file).split(sep).join('/'), path: file }));
    return { root, files: files.sort(byName), failures: [] };
  } finally {
    closeProject(project);
  }
}

async function fromFolder(path: string, signal: AbortSignal): Promise<Scanned> {
  const scan = await scanFolder(path, signal);
  return { root: path, files: scan.images, failures: scan.failures };
}

/** Key of the collection's folder, as the project stores paths, among the options of a run. */
export const rootKey = 'folder';

/** The folder that names in a run are relative to, if the run remembers it. */
export function rememberedRoot(project: ProjectReader, run: Run | undefined): string | undefined {
  const stored = run?.options[rootKey];
  return typeof stored === 'string' ? fromStoredPath(project.path, stored) : undefined;
}

/** The deepest folder that holds all of the files. */
export function commonFolder(paths: readonly string[], fallback: string): string {
  if (paths.length === 0) return fallback;
  const folders = paths.map((path) => dirname(path).split(sep));
  const first = folders[0];
  const shared = first.findIndex((part, depth) => folders.some((parts) => parts[depth] !== part));
  return first.slice(0, shared < 0 ? first.length : shared).join(sep) || sep;
}

function byName(a: SourceFile, b: SourceFile): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
