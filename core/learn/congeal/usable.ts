import { CongealError } from '../../contract/errors.ts';
import type { WorkImage } from '../../features/work-image.ts';

/** Grey levels (of 255) that an image must span to count as a picture of something. */
const leastSpan = 4;

/** Says for each image whether it shows anything. */
function findBlank(images: readonly WorkImage[]): boolean[] {
  return images.map(({ raster }) => {
    const range = raster.data instanceof Uint8Array ? 255 : raster.data instanceof Uint16Array ? 65535 : 1;
    const plane = raster.width * raster.height;
    for (let channel = 0; channel < raster.channels; channel++) {
      let [low, high] = [Infinity, -Infinity];
      for (let i = channel * plane; i < (channel + 1) * plane; i++) {
        if (raster.data[i] < low) low = raster.data[i];
        if (raster.data[i] > high) high = raster.data[i];
      }
      if (((high - low) / range) * 255 >= leastSpan) return false;
    }
    return true;
  });
}

/**
 * Checks that a set can be aligned. Returns which images are blank.
 *
 * **Throws** CongealError `too-few-images`, `images-blank`, `images-identical` or `input-missing` (the reference).
 */
export function checkSet(images: readonly WorkImage[], reference?: string): boolean[] {
  if (reference !== undefined && !images.some((image) => image.id === reference)) {
    throw new CongealError(
      'input-missing',
      `The reference image ${reference} is not among the ${images.length} images that can be read. Give the name of one of them, relative to the folder.`,
    );
  }
  if (images.length < 2) {
    throw new CongealError(
      'too-few-images',
      `Joint alignment needs at least 2 images that can be read; found ${images.length}. Add more images of the same kind.`,
    );
  }
  const blank = findBlank(images);
  const usable = images.filter((_, n) => !blank[n]);
  if (usable.length === 0) {
    throw new CongealError(
      'images-blank',
      `All ${images.length} images are blank (one flat colour); there is nothing to align. Check the folder and its files.`,
    );
  }
  if (usable.length < 2) {
    throw new CongealError(
      'too-few-images',
      `Only ${usable[0].id} of ${images.length} images shows anything, the others are blank; joint alignment needs at least 2. Add more images of the same kind.`,
    );
  }
  if (usable.every((image) => samePixels(image, usable[0]))) {
    throw new CongealError(
      'images-identical',
      `All ${usable.length} images have the same pixels; there is nothing to learn from them. Check that the right folder was given.`,
    );
  }
  return blank;
}

function samePixels(a: WorkImage, b: WorkImage): boolean {
  if (a === b) return true;
  if (a.raster.width !== b.raster.width || a.raster.height !== b.raster.height) return false;
  return a.raster.data.every((value, i) => value === b.raster.data[i]);
}
