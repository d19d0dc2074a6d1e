import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { headBytes, whyNoImage } from '../../compute/supervisor/sniff-upload.ts';
import type { ByteStream } from '../../contract/command.ts';
import { CongealError } from '../../contract/errors.ts';
import { numberedName, safeRelativePath } from './file-names.ts';

/** A file that has arrived whole. */
export interface ReceivedFile {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** Hidden, so that nothing takes it for an image; removed whatever happens. */
const partialName = /^\.upload-[0-9a-f]{16}\.partial$/;

const mostTries = 10_000;

/**
 * Writes what arrives into a folder under a safe name that nothing had. Until it is whole it has a hidden name of its own,
 * which is gone when this ends in any way.
 *
 * **Throws** CongealError `unsupported-media` (not an image that is read), `too-large`, `disk-full`, `disk-failed`, `output-unwritable`,
 * and what the stream throws.
 */
export async function receiveFile(
  folder: string,
  sentName: string,
  stream: ByteStream,
  { atMostBytes, signal }: { readonly atMostBytes: number; readonly signal: AbortSignal },
): Promise<ReceivedFile> {
  const parts = safeRelativePath(sentName);
  const name = parts.at(-1) ?? 'file';
  const within = parts.slice(0, -1);
  const target = join(folder, ...within);
  const partial = join(folder, `.upload-${randomBytes(8).toString('hex')}.partial`);
  try {
    await makeFolders(folder, within);
    const handle = await open(partial, 'wx');
    let bytes: number;
    try {
      bytes = await writeAll(handle, name, stream, { atMostBytes, signal });
      await handle.sync();
    } finally {
      await handle.close();
    }
    const stored = await putInPlace(partial, target, name);
    return { name: [...within, stored].join('/'), path: join(target, stored), bytes };
  } catch (error) {
    throw explainWrite(error, name);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Makes folders one in another below a folder, following no link on the way. */
async function makeFolders(folder: string, parts: readonly string[]): Promise<void> {
  let at = folder;
  for (const part of parts) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) await mkdir(at, { recursive: true });
    else if (!found.isDirectory())
      throw new CongealError('forbidden', `${part} is not a folder of this project's images, so nothing goes into it.`);
  }
}

/** Removes what uploads left that were cut off by the end of an earlier engine. */
export async function removePartials(folder: string, inUse: boolean): Promise<void> {
  if (inUse) return;
  for (const name of await readdir(folder).catch((): string[] => []))
    if (partialName.test(name)) await rm(join(folder, name), { force: true });
}

async function writeAll(
  handle: FileHandle,
  name: string,
  stream: ByteStream,
  { atMostBytes, signal }: { readonly atMostBytes: number; readonly signal: AbortSignal },
): Promise<number> {
  const check = (head: Uint8Array): void => {
    const reason = whyNoImage(head, name);
    if (reason !== undefined) throw new CongealError('unsupported-media', `${name}: ${reason}`);
  };
  let head = Buffer.alloc(0);
  let bytes = 0;
  for await (const piece of stream) {
    signal.throwIfAborted();
    const before = bytes;
    bytes += piece.length;
    if (bytes > atMostBytes)
      throw new CongealError(
        'too-large',
        `${name} has more than ${atMostBytes.toLocaleString('en')} bytes, which is all that is taken of it.`,
      );
    if (before < headBytes) {
      head = Buffer.concat([head, piece.subarray(0, headBytes - before)]);
      if (bytes >= headBytes) check(head);
    }
    await handle.writeFile(piece);
  }
  if (bytes < headBytes) check(head);
  return bytes;
}

/** Gives a finished file the first free name. Linking never replaces a file; where there are no links a name is taken first. */
async function putInPlace(partial: string, folder: string, name: string): Promise<string> {
  for (let n = 1; n <= mostTries; n++) {
    const free = numberedName(name, n);
    const path = join(folder, free);
    try {
      await link(partial, path);
      return free;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST') continue;
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
      if (await takeName(partial, path)) return free;
    }
  }
  throw new CongealError('conflict', `There are ${mostTries} files called ${name} already; rename some of them.`);
}

/** Takes a name with an empty file, which the finished one then replaces. Gives whether the name was free. */
async function takeName(partial: string, path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  await rename(partial, path);
  return true;
}

function explainWrite(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new CongealError('disk-full', `There is no room left for ${name}. Free some space and send it again.`, {
      cause: error,
    });
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG'].includes(code))
    return new CongealError('output-unwritable', `${name} could not be stored beside the project (${code}).`, {
      cause: error,
    });
  if (code === 'EIO')
    return new CongealError(
      'disk-failed',
      `${name} could not be stored: the disk beside the project reported an error (EIO). Check it and its connection, then send it again.`,
      { cause: error },
    );
  return error;
}
