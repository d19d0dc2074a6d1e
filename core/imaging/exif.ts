import type { Orientation } from '../geometry/frames.ts';

const orientationTag = 0x0112;
const shortType = 3;

/**
 * Reads the orientation tag of an EXIF block as it stands there, however wrong.
 *
 * Returns undefined without a tag, its number when it has the right type, and NaN when the type is wrong. **Source**: Exif 2.32, 4.6.
 */
export function storedOrientation(exif: Uint8Array): number | undefined {
  const start = exif.length >= 6 && String.fromCharCode(...exif.subarray(0, 4)) === 'Exif' ? 6 : 0;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.length - start);
  if (view.byteLength < 8) return undefined;
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return undefined;
  const count = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < count && at + 12 <= view.byteLength; i++, at += 12) {
    if (view.getUint16(at, little) !== orientationTag) continue;
    const right = view.getUint16(at + 2, little) === shortType && view.getUint32(at + 4, little) === 1;
    return right ? view.getUint16(at + 8, little) : NaN;
  }
  return undefined;
}

/** True for the eight numbers that EXIF defines. */
export function isOrientation(value: number | undefined): value is Orientation {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8;
}
