import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Dirent, Stats } from 'node:fs';
import { CongealError } from '../contract/errors.ts';

/** A file of the folder whose name says that it is an image. */
interface FolderFile {
  /** Path within the folder with `/` between its parts; unique, and the order of the collection. */
  readonly id: string;
  /** Where it lies: what to open. */
  readonly path: string;
}

/** A file that looks like an image by its name but cannot be one, and why. */
interface FolderFailure extends FolderFile {
  readonly code: 'not-a-file' | 'unsupported-format' | 'unreadable';
  readonly reason: string;
}

/** What a folder holds. All lists are in file-name order: plain comparison of `id`, code unit by code unit. */
export interface FolderScan {
  readonly folder: string;
  readonly images: readonly FolderFile[];
  readonly failures: readonly FolderFailure[];
  /** Ids of everything else: files of other kinds, links. Hidden files and folders are not even listed. */
  readonly skipped: readonly string[];
}

const imageNames = new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.tif', '.tiff', '.gif', '.avif']);
const heicNames = new Set(['.heic', '.heif', '.hif']);
const rawNames = new Set(
  '3fr arw cr2 cr3 crw dcr dng erf fff iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f'
    .split(' ')
    .map((name) => `.${name}`),
);

/** Whether a file's name says that it is an image that could be read. */
export function looksLikeImage(name: string): boolean {
  return imageNames.has(extname(name).toLowerCase());
}

/**
 * Lists the images of a folder and of the folders in it. Nothing is opened: a file's name decides here whether it is
 * tried. Hidden files and links are skipped, so a scan never leaves the folder and never runs in a circle.
 *
 * **Throws** CongealError `input-missing` (no such folder, or not a folder), `input-unreadable`, `input-empty` (nothing
 * in it looks like an image); the signal's reason when it is aborted.
 */
export async function scanFolder(folder: string, signal?: AbortSignal): Promise<FolderScan> {
  await checkFolder(folder);
  const scan = { folder, images: [] as FolderFile[], failures: [] as FolderFailure[], skipped: [] as string[] };
  /* A list instead of recursion: folders may lie deeper than the stack. */
  const waiting = [''];
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    signal?.throwIfAborted();
    const entries = await entriesOf(join(folder, prefix), prefix, scan.failures, folder);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const id = prefix + entry.name;
      if (entry.isDirectory()) waiting.push(`${id}/`);
      else sortIn(scan, entry, { id, path: join(folder, id) });
    }
  }
  if (scan.images.length === 0 && scan.failures.length === 0) throw emptyFolder(folder, scan.skipped.length);
  scan.images.sort(byId);
  scan.failures.sort(byId);
  scan.skipped.sort((a, b) => (a < b ? -1 : 1));
  return scan;
}

function sortIn(
  scan: { images: FolderFile[]; failures: FolderFailure[]; skipped: string[] },
  entry: Dirent,
  file: FolderFile,
): void {
  const extension = extname(entry.name).toLowerCase();
  const heic = heicNames.has(extension);
  const raw = rawNames.has(extension);
  if (entry.isSymbolicLink() || !(heic || raw || imageNames.has(extension))) {
    scan.skipped.push(file.id);
  } else if (!entry.isFile()) {
    const kind = entry.isFIFO() ? 'a named pipe' : entry.isSocket() ? 'a socket' : 'a device';
    scan.failures.push({ ...file, code: 'not-a-file', reason: `This is ${kind}, not a file, and was not opened.` });
  } else if (heic || raw) {
    const kind = heic ? 'a HEIC image' : 'a camera RAW file';
    const reason = `The file is ${kind}; JPEG, PNG, WebP, TIFF, GIF and AVIF are read. Convert it to one of these, for example TIFF or PNG.`;
    scan.failures.push({ ...file, code: 'unsupported-format', reason });
  } else {
    scan.images.push(file);
  }
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((cause: unknown): Stats => {
    if (codeOf(cause) === 'EACCES' || codeOf(cause) === 'EPERM') throw unreadableFolder(folder, cause);
    throw new CongealError(
      'input-missing',
      `There is no folder ${quoted(folder)}. Give the path of a folder of images.`,
      {
        cause,
        details: { folder },
      },
    );
  });
  if (!found.isDirectory()) {
    const message = `${quoted(folder)} is not a folder. Give the path of a folder of images.`;
    throw new CongealError('input-missing', message, { details: { folder } });
  }
}

async function entriesOf(path: string, prefix: string, failures: FolderFailure[], folder: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    if (prefix === '') throw unreadableFolder(folder, cause);
    const reason = `The folder could not be read (${codeOf(cause)}), so nothing in it was used. Check its permissions.`;
    failures.push({ id: prefix, path, code: 'unreadable', reason });
    return [];
  }
}

function unreadableFolder(folder: string, cause: unknown): CongealError {
  const message = `The folder ${quoted(folder)} could not be read (${codeOf(cause)}). Check its permissions.`;
  return new CongealError('input-unreadable', message, { cause, details: { folder } });
}

function emptyFolder(folder: string, others: number): CongealError {
  const found = others === 0 ? 'it is empty' : `it holds ${others} other ${others === 1 ? 'file' : 'files'}`;
  const message = `The folder ${quoted(folder)} holds no images: ${found}. JPEG, PNG, WebP, TIFF, GIF and AVIF files are used.`;
  return new CongealError('input-empty', message, { details: { folder, others } });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}

/** Names may hold line breaks and control characters; quoted they cannot disturb a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function byId(a: FolderFile, b: FolderFile): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
