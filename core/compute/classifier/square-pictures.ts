import type { WorkImage } from '../../features/work-image.ts';
import type { LabelledImages } from '../../learn/classify/examples.ts';
import { sampleInto } from '../../stn/sample.ts';

/**
 * Images of any shape as squares of one side: whole, centred, black beside the shorter side; grey where no image has a
 * colour. **Convention**: the square's frame is the centred square around the image.
 */
export function squarePictures(
  work: readonly WorkImage[],
  side: number,
  labels: Uint16Array,
  classes: readonly string[],
): LabelledImages {
  const channels = work.every(isGrey) ? 1 : 3;
  const plane = side * side;
  const pixels = new Uint8Array(work.length * channels * plane);
  const square = new Float32Array(3 * plane);
  for (const [n, { raster }] of work.entries()) {
    const { width, height } = raster;
    const step = Math.max(width, height) / side;
    const map = [step, 0, (width - step * side) / 2, 0, step, (height - step * side) / 2, 0, 0, 1] as const;
    sampleInto(raster, map, side, side, square, 0);
    for (let i = 0; i < channels * plane; i++) pixels[n * channels * plane + i] = Math.round(255 * square[i]);
  }
  return { shape: [channels, side, side], pixels, labels, classes };
}

function isGrey({ raster: { width, height, channels, data } }: WorkImage): boolean {
  if (channels < 3) return true;
  const plane = width * height;
  for (let i = 0; i < plane; i++) if (data[i] !== data[plane + i] || data[i] !== data[2 * plane + i]) return false;
  return true;
}
