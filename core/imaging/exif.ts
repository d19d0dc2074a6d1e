import type { Orientation } from '../geometry/frames.ts';

/** What an EXIF block says of an image, however wrong. */
export interface Exif {
  /** The orientation's number when it has the right type, NaN when the type is wrong; undefined without the tag. */
  readonly orientation?: number | undefined;
  /** When the picture was taken: milliseconds since 1970 of the camera's own clock, read as if it stood in UTC. */
  readonly takenAt?: number | undefined;
}

const tags = {
  orientation: 0x0112,
  changed: 0x0132,
  detailsAt: 0x8769,
  taken: 0x9003,
  digitised: 0x9004,
  changedFraction: 0x9290,
  takenFraction: 0x9291,
  digitisedFraction: 0x9292,
} as const;

const textType = 2;
const shortType = 3;
const longType = 4;

/** One entry of a directory; `at` is where its value, or the offset of its value, stands. */
interface Entry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** Reads what is used of an EXIF block; what is not there or not readable is left out. **Source**: Exif 2.32, 4.6. */
export function readExif(exif: Uint8Array): Exif {
  const start = exif.length >= 6 && String.fromCharCode(...exif.subarray(0, 4)) === 'Exif' ? 6 : 0;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.length - start);
  if (view.byteLength < 8) return {};
  const little = view.getUint16(0) === 0x4949;
  const main = readDirectory(view, view.getUint32(4, little), little);
  const pointer = main.get(tags.detailsAt);
  const details =
    pointer?.type === longType
      ? readDirectory(view, view.getUint32(pointer.at, little), little)
      : new Map<number, Entry>();
  const text = (entry: Entry | undefined) => readText(view, entry, little);
  const takenAt =
    readTime(text(details.get(tags.taken)), text(details.get(tags.takenFraction))) ??
    readTime(text(details.get(tags.digitised)), text(details.get(tags.digitisedFraction))) ??
    readTime(text(main.get(tags.changed)), text(details.get(tags.changedFraction)));
  return { orientation: readOrientation(view, main.get(tags.orientation), little), takenAt };
}

/** True for the eight numbers that EXIF defines. */
export function isOrientation(value: number | undefined): value is Orientation {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8;
}

function readDirectory(view: DataView, directory: number, little: boolean): ReadonlyMap<number, Entry> {
  const entries = new Map<number, Entry>();
  if (directory + 2 > view.byteLength) return entries;
  const count = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < count && at + 12 <= view.byteLength; i++, at += 12) {
    const tag = view.getUint16(at, little);
    if (entries.has(tag)) continue;
    entries.set(tag, { type: view.getUint16(at + 2, little), count: view.getUint32(at + 4, little), at: at + 8 });
  }
  return entries;
}

function readOrientation(view: DataView, entry: Entry | undefined, little: boolean): number | undefined {
  if (entry === undefined) return undefined;
  return entry.type === shortType && entry.count === 1 ? view.getUint16(entry.at, little) : NaN;
}

function readText(view: DataView, entry: Entry | undefined, little: boolean): string | undefined {
  if (entry?.type !== textType || entry.count > 64) return undefined;
  const at = entry.count <= 4 ? entry.at : view.getUint32(entry.at, little);
  if (at + entry.count > view.byteLength) return undefined;
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, entry.count)).replace(/[\0 ]+$/, '');
}

/** `2024:05:31 12:00:01` and a fraction of a second `25` as milliseconds; undefined for anything else. */
function readTime(time: string | undefined, fraction: string | undefined): number | undefined {
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)$/
    .exec(time ?? '')
    ?.slice(1)
    .map(Number);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (year < 1800 || month < 1 || month > 12 || day < 1 || day > days || hour > 23 || minute > 59 || second > 60)
    return undefined;
  const milliseconds = /^\d+$/.test(fraction ?? '') ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  return Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds;
}
