import { stat } from 'node:fs/promises';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { scanFolder } from '../datasets/folder.ts';
import { listImages } from '../store/images.ts';
import { closeProject, openProject } from '../store/project-file.ts';

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
}

const projectExtension = '.congeal';

/**
 * The images of a folder (with subfolders) or of a project file, in file-name order.
 *
 * @param out - the output folder: what lies in it is never part of the collection
 *
 * **Throws** CongealError `input-missing`, `input-empty`, `input-unreadable`, `project-invalid`, `project-newer`.
 */
export async function resolveSource(folder: string, out: string, signal: AbortSignal): Promise<Source> {
  const path = resolve(folder);
  const source = (await isProject(path)) ? fromProject(path) : await fromFolder(path, signal);
  const outside = (file: SourceFile) => relative(resolve(out), file.path).startsWith(`..${sep}`);
  const kept = { ...source, files: source.files.filter(outside), failures: source.failures.filter(outside) };
  if (kept.files.length + kept.failures.length === 0)
    throw new CongealError(
      'input-empty',
      `No images were found in ${path}. Expected JPEG, PNG, WebP, TIFF, GIF or AVIF files in it or its subfolders.`,
    );
  return kept;
}

async function isProject(path: string): Promise<boolean> {
  if (extname(path) !== projectExtension) return false;
  return (await stat(path).catch(() => undefined))?.isDirectory() !== true;
}

function fromProject(path: string): Source {
  const project = openProject(path, { readOnly: true });
  try {
    const paths = listImages(project).map((image) => image.path);
    const root = commonFolder(paths, dirname(path));
    const files = paths.map((file) => ({ id: relative(root, file).split(sep).join('/'), path: file }));
    return { root, files: files.sort(byName), failures: [] };
  } finally {
    closeProject(project);
  }
}

async function fromFolder(path: string, signal: AbortSignal): Promise<Source> {
  const scan = await scanFolder(path, signal);
  return {
    root: path,
    files: scan.images,
    failures: scan.failures,
  };
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
