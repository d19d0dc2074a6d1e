import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CongealError } from '../contract/errors.ts';

/** An idx file of bytes: its sizes, first axis first, and its elements in row-major order. */
export interface IdxFile {
  readonly sizes: readonly number[];
  readonly data: Uint8Array;
}

/** Pictures and their classes from a pair of idx files. */
export interface IdxImages {
  readonly count: number;
  /** 1 for files of three axes; of four axes the second one counts channels. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** `[count, channels, height, width]`. */
  readonly pixels: Uint8Array;
  /** One per picture, as they stand in the file. */
  readonly labels: Uint8Array;
}

const mostBytes = 2 ** 30;
const unsignedBytes = 0x08;
const elementNames = new Map([
  [0x09, 'signed bytes'],
  [0x0b, '16-bit integers'],
  [0x0c, '32-bit integers'],
  [0x0d, '32-bit floats'],
  [0x0e, '64-bit floats'],
]);

const unzip = promisify(gunzip);

/**
 * Reads the pictures and labels of a set in idx format, each plain or gzipped (told by content, not by name).
 *
 * **Throws** CongealError `input-missing`, `input-unreadable`, `input-empty`, `too-large`.
 * **Source**: the format's description beside the MNIST database (LeCun, Cortes, Burges).
 */
export async function readIdxImages(imagesPath: string, labelsPath: string): Promise<IdxImages> {
  const images = await readIdxFile(imagesPath);
  const labels = await readIdxFile(labelsPath);
  const rank = images.sizes.length;
  if (rank !== 3 && rank !== 4)
    throw unfit(
      imagesPath,
      `it has ${rank} axes (${images.sizes.join(' x ')})`,
      '3 (images, rows, columns), or 4 with channels second',
      rank === 1 ? 'Are images and labels the wrong way round?' : '',
    );
  if (labels.sizes.length !== 1)
    throw unfit(
      labelsPath,
      `it has ${labels.sizes.length} axes`,
      '1, a label per image',
      'Are images and labels the wrong way round?',
    );
  const [count] = images.sizes;
  if (labels.sizes[0] !== count)
    throw unfit(labelsPath, `it has ${labels.sizes[0]} labels`, `${count}, one for each image of ${imagesPath}`, '');
  const channels = rank === 4 ? images.sizes[1] : 1;
  const [height, width] = images.sizes.slice(-2);
  if (count * channels * height * width === 0)
    throw new CongealError(
      'input-empty',
      `${imagesPath} holds no pictures: its sizes are ${images.sizes.join(' x ')}.`,
    );
  return { count, channels, height, width, pixels: images.data, labels: labels.data };
}

/** Reads one idx file of unsigned bytes, plain or gzipped. **Throws** as {@link readIdxImages}. */
export async function readIdxFile(path: string): Promise<IdxFile> {
  const bytes = await unpacked(path);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0)
    throw unfit(path, `it begins with ${firstBytes(bytes)}`, 'an idx file, which begins with 00 00 08', '');
  const [, , kind, rank] = bytes;
  if (kind !== unsignedBytes) {
    const what = elementNames.get(kind) ?? `elements of the unknown kind 0x${kind.toString(16)}`;
    throw unfit(path, `it holds ${what}`, 'unsigned bytes (kind 0x08)', 'Convert it first.');
  }
  const start = 4 + 4 * rank;
  if (rank === 0 || rank > 8 || bytes.length < start)
    throw unfit(path, `its header of ${rank} axes does not fit into ${bytes.length} bytes`, 'from 1 to 8 axes', '');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length - start !== expected)
    throw unfit(
      path,
      `it holds ${bytes.length - start} elements`,
      `${expected} (${sizes.join(' x ')}), as its header says`,
      'It may have been cut short; get it again.',
    );
  return { sizes, data: bytes.subarray(start) };
}

async function unpacked(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw tooLarge(path);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof CongealError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CongealError(
      missing ? 'input-missing' : 'input-unreadable',
      missing ? `There is no file ${path}. Check its name.` : `${path} cannot be read: ${(cause as Error).message}.`,
      { cause },
    );
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path);
    throw new CongealError(
      'input-unreadable',
      `${path} is gzipped, but cannot be unpacked: ${(cause as Error).message}. It may have been cut short; get it again.`,
      { cause },
    );
  }
}

function tooLarge(path: string): CongealError {
  return new CongealError(
    'too-large',
    `${path} is, or unpacks to, more than 1 GiB, the most that is read. Split the set.`,
  );
}

function unfit(path: string, found: string, expected: string, advice: string): CongealError {
  return new CongealError(
    'input-unreadable',
    `${path} cannot be used: ${found}, expected ${expected}. ${advice}`.trim(),
  );
}

function firstBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nothing';
}
