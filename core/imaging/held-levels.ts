import { stat } from 'node:fs/promises';
import type { Size } from '../geometry/units.ts';
import type { Raster } from '../stn/raster.ts';
import { openImage } from './decode.ts';
import { decodePixels, type ImageInfo, type PixelArea } from './decoder.ts';
import { fileFailure, succeed, type ImageResult, type ReadOptions } from './failure.ts';
import { readSource, type ImageSource } from './source.ts';

/** A part of one level of an image: `[3, h, w]`, 8 bits, oriented, sRGB, over white. */
export interface HeldPart {
  readonly info: ImageInfo;
  readonly raster: Raster<Uint8Array>;
  /** Where the part lies within its level; the raster has its size. */
  readonly area: PixelArea;
}

/** Decoded images that are kept while someone looks at them. */
export interface HeldLevels {
  /** The facts of a file, read only when they are not remembered. */
  readonly infoOf: (path: string, options?: ReadOptions) => Promise<ImageResult<ImageInfo>>;
  /**
   * A part of a level that holds the area asked for within it, decoded unless it is still held: the whole level, or for
   * very large ones a square of it that holds the area's corner at the upper left.
   */
  readonly partAround: (
    path: string,
    level: number,
    wanted: Pick<PixelArea, 'left' | 'top'>,
    options?: ReadOptions,
  ) => Promise<ImageResult<HeldPart>>;
}

/** Levels with more bytes than the limit are held in squares of this many pixels a side; tiles divide it. */
const blockSide = 4096;

/** Facts of so many files are remembered. */
const mostFacts = 64;

/**
 * Size of a level of an image. **Convention**: level n is the oriented image at 1 / 2^n of its size, rounded up, so that
 * pixel (x, y) of the level covers the pixels from (x 2^n, y 2^n) on.
 */
export function levelSize({ width, height }: Size, level: number): Size {
  const factor = 2 ** level;
  return { width: Math.max(1, Math.ceil(width / factor)), height: Math.max(1, Math.ceil(height / factor)) };
}

/**
 * Keeps decoded levels of images, dropping those not used for longest when together they have more bytes than the
 * limit. A file whose time or size has changed is decoded again.
 */
export function createHeldLevels(limitBytes: number): HeldLevels {
  const parts = new Map<string, HeldPart>();
  const facts = new Map<string, ImageInfo>();
  const makeRoom = (bytes: number) => {
    let sum = bytes;
    for (const { raster } of parts.values()) sum += raster.data.length;
    for (const [key, { raster }] of parts) {
      if (sum <= limitBytes) return;
      sum -= raster.data.length;
      parts.delete(key);
    }
  };
  /** What is known of a file, and the file itself where it had to be read for that. */
  const look = async (path: string, options: ReadOptions): Promise<ImageResult<Looked>> => {
    const version = await versionOf(path);
    if (!version.ok) return version;
    const file = `${options.allowDamage === true ? 'damaged ' : ''}${version.value}`;
    const known = facts.get(file);
    if (known !== undefined) return succeed({ file, info: known, source: undefined });
    const opened = await openImage(path, options);
    if (!opened.ok) return opened;
    facts.set(file, opened.value.info);
    if (facts.size > mostFacts) facts.delete(facts.keys().next().value ?? '');
    return succeed({ file, ...opened.value });
  };
  return {
    infoOf: async (path, options = {}) => {
      const found = await look(path, options);
      return found.ok ? succeed(found.value.info) : found;
    },
    partAround: async (path, level, wanted, options = {}) => {
      const found = await look(path, options);
      if (!found.ok) return found;
      const { file, info } = found.value;
      const size = levelSize(info, level);
      const area = blockAround(wanted, size, limitBytes);
      const key = `${file} ${level} ${area.left} ${area.top}`;
      const held = parts.get(key);
      if (held !== undefined) {
        parts.delete(key);
        parts.set(key, held);
        return succeed(held);
      }
      const source = found.value.source === undefined ? await readSource(path, options) : succeed(found.value.source);
      if (!source.ok) return source;
      makeRoom(3 * area.width * area.height);
      const decoded = await decodePixels(source.value, info, { ...size, area }, options);
      if (!decoded.ok) return decoded;
      const part = { info, area, raster: { ...decoded.value, data: decoded.value.data as Uint8Array } };
      parts.set(key, part);
      return succeed(part);
    },
  };
}

interface Looked {
  readonly file: string;
  readonly info: ImageInfo;
  readonly source: ImageSource | undefined;
}

async function versionOf(path: string): Promise<ImageResult<string>> {
  try {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true });
    return succeed(`${mtimeNs} ${size} ${ino} ${path}`);
  } catch (error) {
    return fileFailure(error);
  }
}

function blockAround({ left, top }: Pick<PixelArea, 'left' | 'top'>, size: Size, limitBytes: number): PixelArea {
  if (3 * size.width * size.height <= limitBytes) return { left: 0, top: 0, ...size };
  const begin = (at: number, length: number) =>
    Math.floor(Math.min(Math.max(0, at), length - 1) / blockSide) * blockSide;
  const from = { left: begin(left, size.width), top: begin(top, size.height) };
  return {
    ...from,
    width: Math.min(blockSide, size.width - from.left),
    height: Math.min(blockSide, size.height - from.top),
  };
}
