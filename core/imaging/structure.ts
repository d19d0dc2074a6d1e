import type { ImageFormat } from './sniff.ts';

/**
 * True when a file ends before its own structure does: a mark, block or strip that it announces lies beyond its last byte.
 *
 * Asked when decoding has failed, to tell files that were cut from files that are damaged inside: what decoders say
 * cannot be used for that, because several at work at once share the place where they leave their messages.
 */
export function endsEarly(format: ImageFormat, bytes: Uint8Array): boolean {
  try {
    return walkers[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    /* A DataView says so itself when it is read past its end. */
    if (error instanceof RangeError) return true;
    throw error;
  }
}

const walkers = {
  jpeg: jpegEndsEarly,
  png: pngEndsEarly,
  webp: (view) => view.getUint32(4, true) + 8 > view.byteLength,
  tiff: tiffEndsEarly,
  gif: gifEndsEarly,
  avif: avifEndsEarly,
} satisfies Record<ImageFormat, (view: DataView) => boolean>;

/** Marker segments up to the first scan; after it the end mark must follow (inside a scan FF is always escaped). */
function jpegEndsEarly(view: DataView): boolean {
  let at = 2;
  for (let marker = view.getUint8(at + 1); marker !== 0xda; marker = view.getUint8(at + 1)) {
    if (view.getUint8(at) !== 0xff || marker === 0xd9) return false;
    at += 2 + view.getUint16(at + 2);
  }
  for (; view.getUint8(at) !== 0xff || view.getUint8(at + 1) !== 0xd9;) at++;
  return false;
}

function pngEndsEarly(view: DataView): boolean {
  const end = 0x49454e44;
  for (let at = 8; view.getUint32(at + 4) !== end;) at += 12 + view.getUint32(at);
  return false;
}

/** Boxes, until both the description (`meta`) and the pixels (`mdat`) have been met; a length of 0 means the rest. */
function avifEndsEarly(view: DataView): boolean {
  const wanted = new Set([0x6d657461, 0x6d646174]);
  for (let at = 0; wanted.size > 0;) {
    const length = view.getUint32(at);
    wanted.delete(view.getUint32(at + 4));
    if (length === 0) return false;
    const bytes = length === 1 ? Number(view.getBigUint64(at + 8)) : length;
    if (bytes < 8) return false;
    at += bytes;
    if (at > view.byteLength) return true;
  }
  return false;
}

function gifEndsEarly(view: DataView): boolean {
  const tableBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  let at = 13 + tableBytes(view.getUint8(10));
  for (let kind = view.getUint8(at); kind === 0x21 || kind === 0x2c; kind = view.getUint8(at)) {
    at += kind === 0x21 ? 2 : 11 + tableBytes(view.getUint8(at + 9));
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += length + 1;
    at++;
  }
  return false;
}

/** The first directory and the strips or tiles that it lists; BigTIFF is not looked into. */
function tiffEndsEarly(view: DataView): boolean {
  const little = view.getUint8(0) === 0x49;
  if (view.getUint16(2, little) !== 42) return false;
  const directory = view.getUint32(4, little);
  const count = view.getUint16(directory, little);
  const lists = new Map<number, number[]>();
  for (let i = 0, at = directory + 2; i < count; i++, at += 12) {
    const tag = view.getUint16(at, little);
    const bytes = (valueBytes[view.getUint16(at + 2, little)] ?? 1) * view.getUint32(at + 4, little);
    if (bytes > 4 && view.getUint32(at + 8, little) + bytes > view.byteLength) return true;
    if (stripTags.some((pair) => pair.includes(tag))) lists.set(tag, tiffNumbers(view, at, little));
  }
  return stripTags.some(([offsets, sizes]) => {
    const lengths = lists.get(sizes) ?? [];
    return lists.get(offsets)?.some((offset, i) => offset + (lengths[i] ?? 0) > view.byteLength) === true;
  });
}

/** Tags of the offsets of strips and of tiles, each with the tag of their lengths. */
const stripTags = [
  [273, 279],
  [324, 325],
];

/** Lists longer than this are not looked into; no writer makes them. */
const mostStrips = 1_000_000;

/** Bytes of one value of each TIFF field type. */
const valueBytes = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

function tiffNumbers(view: DataView, entry: number, little: boolean): number[] {
  const type = view.getUint16(entry + 2, little);
  const short = type === 3;
  const size = short ? 2 : 4;
  const count = view.getUint32(entry + 4, little);
  if ((!short && type !== 4) || count > mostStrips) return [];
  const at = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  return Array.from({ length: count }, (_, i) =>
    short ? view.getUint16(at + i * size, little) : view.getUint32(at + i * size, little),
  );
}
