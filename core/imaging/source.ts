import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import {
  fail,
  fileFailure,
  limitsOf,
  makeSmaller,
  succeed,
  type ImageFailure,
  type ImageResult,
  type ReadOptions,
} from './failure.ts';
import { sniffFormat, sniffedBytes, type ImageFormat } from './sniff.ts';

/** A file that has been checked, read and hashed and is ready to be decoded. */
export interface ImageSource {
  readonly path: string;
  readonly format: ImageFormat;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** SHA-256 of the file's bytes, lower-case hexadecimal: the image's identity. */
  readonly sha256: string;
  /** The bytes themselves, or the path of a file too large to hold beside its pixels. */
  readonly input: Buffer | string;
}

/** Files up to this size are decoded from memory, so that what was checked is what is decoded. */
const heldBytes = 128 * 1024 * 1024;

const pieceBytes = 4 * 1024 * 1024;

/** Not waiting at the open keeps a pipe that took the file's place from blocking the program. */
const openFlags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/**
 * Opens a file that may be anything and reads it: only regular files, only within the limits, only of an allowed
 * format, each byte read once for decoding and for the hash.
 */
export async function readSource(path: string, options: ReadOptions = {}): Promise<ImageResult<ImageSource>> {
  let handle: FileHandle | undefined;
  try {
    /* Looked at before opening too: opening a device can have effects. */
    const kind = notRegular(await stat(path));
    if (kind !== undefined) return kind;
    handle = await open(path, openFlags);
    return await readHandle(handle, path, options);
  } catch (error) {
    return fileFailure(error);
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

async function readHandle(handle: FileHandle, path: string, options: ReadOptions): Promise<ImageResult<ImageSource>> {
  const limits = limitsOf(options);
  const found = await handle.stat();
  const kind = notRegular(found);
  if (kind !== undefined) return kind;
  const bytes = found.size;
  if (bytes === 0) return fail('empty', 'The file is empty (0 bytes). Copy it again from its source.');
  if (bytes > limits.bytes) {
    return fail(
      'too-many-bytes',
      `The file has ${bytes.toLocaleString('en')} bytes; at most ${limits.bytes.toLocaleString('en')} are read. ${makeSmaller(options)}`,
    );
  }
  const head = await readPiece(handle, 0, Math.min(bytes, sniffedBytes));
  const format = sniffFormat(head, path);
  if (!format.ok) return format;
  /* The decoder takes a bracket at the end of a path for options, so such files are held whatever their size. */
  const held = bytes <= heldBytes || path.endsWith(']') ? Buffer.allocUnsafe(bytes) : undefined;
  const hash = createHash('sha256');
  for (let at = 0; at < bytes;) {
    const piece = await readPiece(handle, at, Math.min(pieceBytes, bytes - at));
    if (piece.length === 0) {
      return fail('unreadable', `The file shrank from ${bytes} to ${at} bytes while it was read. Try again.`);
    }
    hash.update(piece);
    held?.set(piece, at);
    at += piece.length;
  }
  return succeed({ path, format: format.value, bytes, sha256: hash.digest('hex'), input: held ?? path });
}

async function readPiece(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function notRegular(found: Awaited<ReturnType<typeof stat>>): ImageFailure | undefined {
  if (found.isFile()) return undefined;
  const what = found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a named pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';
  return fail('not-a-file', `This is ${what}, not a file, and was not opened.`);
}
