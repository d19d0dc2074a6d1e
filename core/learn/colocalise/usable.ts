import { CongealError } from '../../contract/errors.ts';
import type { WorkImage } from '../../features/work-image.ts';

/** Which images can take part, and why the others cannot. */
export interface Usable {
  readonly indices: readonly number[];
  /** Reason by index, for those that cannot. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** Differences of brightness below this (of 255) are no picture. */
const leastContrast = 3;
/** An image this many times longer than wide has too few cells across. */
const longest = 7;

/**
 * Picks the images in which something can be found.
 *
 * **Throws** CongealError `images-blank`, `images-identical` or `too-few-images` when fewer than two different ones are left.
 */
export function usableImages(images: readonly WorkImage[]): Usable {
  const reasons = new Map<number, string>();
  images.forEach(({ raster }, index) => {
    const { width, height } = raster;
    if (isBlank(raster)) reasons.set(index, 'the image is blank');
    else if (Math.max(width, height) > longest * Math.min(width, height))
      reasons.set(index, `the image is more than ${longest} times as long as it is wide`);
  });
  const indices = Array.from(images.keys()).filter((index) => !reasons.has(index));
  const count = images.length;
  const blank = [...reasons.values()].filter((reason) => reason.includes('blank')).length;
  if (count >= 2 && blank === count) {
    throw new CongealError('images-blank', `All ${count} images are blank; expected images that show something.`);
  }
  if (indices.length < 2) {
    const found = count === indices.length ? count : `${indices.length} among the ${count} that can be read`;
    throw new CongealError(
      'too-few-images',
      `A common object needs at least 2 usable images; found ${found}. Add images of the same kind of thing.`,
    );
  }
  const [first, ...others] = indices.map((index) => images[index].raster);
  const alike = others.every(
    ({ width, height, data }) =>
      width === first.width && height === first.height && data.every((value, i) => value === first.data[i]),
  );
  if (alike) {
    throw new CongealError(
      'images-identical',
      `All ${indices.length} usable images are identical; what they share is everything. Add different images.`,
    );
  }
  return { indices, reasons };
}

/** Whether no channel shows anything: a flat colour differs between channels only. */
function isBlank({ channels, data }: WorkImage['raster']): boolean {
  const top = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
  const plane = data.length / channels;
  for (let channel = 0; channel < channels; channel++)
    if (contrastReaches(data.subarray(channel * plane, (channel + 1) * plane), (leastContrast * top) / 255))
      return false;
  return true;
}

function contrastReaches(values: WorkImage['raster']['data'], contrast: number): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
    if (high - low >= contrast) return true;
  }
  return false;
}
