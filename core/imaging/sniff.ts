import { fail, succeed, type ImageResult } from './failure.ts';

/** The formats that are decoded; told apart by their first bytes, never by the file's name. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif';

/** How many bytes from the start of a file `sniffFormat` wants to see. */
export const sniffedBytes = 512;

const rawNames =
  /\.(3fr|arw|cr2|cr3|crw|dcr|dng|erf|fff|iiq|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw|x3f)$/i;

const signatures: readonly (readonly [ImageFormat, number, string])[] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  ['webp', 8, 'WEBP'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['tiff', 0, 'II+\0'],
  ['tiff', 0, 'MM\0+'],
];

const refused: readonly (readonly [string, number, string])[] = [
  ['a PDF document', 0, '%PDF'],
  ['a camera RAW file', 8, 'CR\x02\0'],
  ['a camera RAW file', 0, 'FUJIFILMCCD-RAW'],
  ['a camera RAW file', 0, 'IIU\0'],
  ['a camera RAW file', 0, 'IIRO'],
  ['a camera RAW file', 0, 'IIRS'],
  ['a camera RAW file', 0, 'MMOR'],
  ['a camera RAW file', 4, 'ftypcrx '],
  ['a JPEG XL image', 0, '\xff\x0a'],
  ['a JPEG XL image', 4, 'JXL \r\n\x87\n'],
  ['a JPEG 2000 image', 4, 'jP  \r\n\x87\n'],
  ['a Photoshop document', 0, '8BPS'],
  ['a BMP image', 0, 'BM'],
  ['an OpenEXR image', 0, 'v/1\x01'],
  ['a compressed archive', 0, 'PK\x03\x04'],
];

/**
 * Says which image format a file holds by its first bytes, against a list of those that are allowed.
 *
 * SVG, PDF, HEIC and camera RAW are refused by name. RAW formats that are TIFF inside are known by the extension,
 * because decoding them as TIFF would give their small preview.
 */
export function sniffFormat(head: Uint8Array, name: string): ImageResult<ImageFormat> {
  const text = String.fromCharCode(...head.subarray(0, sniffedBytes));
  const starts = ([, offset, magic]: readonly [string, number, string]) => text.startsWith(magic, offset);
  const other = refused.find(starts);
  if (other !== undefined) return unsupported(other[0]);
  if (text.startsWith('ftyp', 4)) return isoMedia(text);
  const format = signatures.find(starts)?.[0];
  if (format === 'tiff' && rawNames.test(name)) return unsupported('a camera RAW file');
  if (format === 'webp' && !text.startsWith('RIFF')) return notAnImage(text);
  if (format !== undefined) return succeed(format);
  if (/^(\xef\xbb\xbf)?\s*<(\?xml|!--|!doctype svg|svg)/i.test(text) && /<svg[\s>]/i.test(text)) {
    return unsupported('an SVG drawing');
  }
  return notAnImage(text);
}

/** AVIF and HEIC share a container; the brands in its first box tell them apart. */
function isoMedia(text: string): ImageResult<ImageFormat> {
  const length = [0, 1, 2, 3].reduce((sum, at) => sum * 256 + text.charCodeAt(at), 0);
  const brands = text.slice(8, Math.max(12, Math.min(length, text.length)));
  if (/avi[fs]/.test(brands)) return succeed('avif');
  if (text.length < 12) return notAnImage(text);
  if (/hei[cxsm]|hev[cxsm]|mif1|msf1/.test(brands)) return unsupported('a HEIC image');
  return unsupported('a video');
}

function unsupported(what: string): ImageResult<never> {
  return fail(
    'unsupported-format',
    `The file is ${what}; JPEG, PNG, WebP, TIFF, GIF and AVIF are read. Convert it to one of these, for example TIFF or PNG.`,
  );
}

function notAnImage(text: string): ImageResult<never> {
  const printable = /^[\t\n\r\x20-\x7e]+$/.test(text.slice(0, 64));
  const found = printable ? 'text' : 'none of their signatures';
  return fail(
    'not-an-image',
    `The file is not an image: its first bytes should be those of JPEG, PNG, WebP, TIFF, GIF or AVIF, but hold ${found}.`,
  );
}
