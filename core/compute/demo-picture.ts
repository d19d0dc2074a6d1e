import type { Matrix3 } from '../geometry/matrix.ts';
import { encodeRaster } from '../imaging/encode.ts';
import { warpFile } from '../imaging/warp.ts';
import type { Raster } from '../stn/raster.ts';

/** One collection in the picture: images before and after, and the means of both. */
export interface PictureRow {
  readonly images: readonly { readonly path: string; readonly before: Matrix3; readonly after: Matrix3 }[];
  readonly meanBefore: string;
  readonly mean: string;
  readonly meanSide: number;
}

const tile = 96;
const gap = 6;
const step = tile + gap;

/** Draws a picture of what a demonstration did, as a PNG file: per collection a line before and a line after. */
export async function demoPicture(rows: readonly PictureRow[]): Promise<Uint8Array> {
  const columns = Math.max(...rows.map(({ images }) => images.length)) + 1;
  const width = columns * step + gap + gap;
  const height = rows.length * (2 * step + 2 * gap) + gap;
  const canvas: Raster<Float32Array> = {
    width,
    height,
    channels: 3,
    data: new Float32Array(3 * width * height).fill(1),
  };
  for (const [index, row] of rows.entries()) {
    const top = gap + index * (2 * step + 2 * gap);
    const whole = { path: '', before: wholeFrame(row.meanSide), after: wholeFrame(row.meanSide) };
    for (const [line, side] of (['before', 'after'] as const).entries()) {
      const mean = { ...whole, path: line === 0 ? row.meanBefore : row.mean };
      for (const [column, image] of [mean, ...row.images].entries()) {
        const crop = await warpFile(image.path, image[side], {
          width: tile,
          height: tile,
          outside: 'border',
          kernel: 'bilinear',
        });
        if (crop.ok) paste(canvas, crop.value.raster, gap + column * step + (column > 0 ? gap : 0), top + line * step);
      }
    }
  }
  return encodeRaster(canvas, { format: 'png' });
}

/** The frame of a mean image: the whole picture. */
function wholeFrame(side: number): Matrix3 {
  return [side / 2, 0, side / 2, 0, side / 2, side / 2, 0, 0, 1];
}

function paste(
  canvas: Raster<Float32Array>,
  { width, height, data }: Raster<Float32Array>,
  left: number,
  top: number,
): void {
  for (let channel = 0; channel < 3; channel++)
    for (let row = 0; row < height; row++) {
      const from = (channel * height + row) * width;
      canvas.data.set(data.subarray(from, from + width), (channel * canvas.height + top + row) * canvas.width + left);
    }
}
