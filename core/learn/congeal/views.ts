import { chain, multiply, type Matrix3 } from '../../geometry/matrix.ts';
import type { WorkImage } from '../../features/work-image.ts';
import type { Raster } from '../../stn/raster.ts';
import { buildPyramid } from '../../stn/pyramid.ts';

/** Where in an image a search starts, in pixels of the oriented original. */
export interface StartWindow {
  readonly centreX: number;
  readonly centreY: number;
  /** Half the side of the square window that becomes [-1, 1]^2. */
  readonly radius: number;
}

/** One image, ready to be rendered at any warp. */
export interface View {
  readonly id: string;
  /** Float copies `[channels, h, w]` in 0..1, each half the size of the one before. */
  readonly levels: readonly Raster<Float32Array>[];
  /** Maps the search frame ([-1, 1]^2 = the start window) to unit coordinates of the image. */
  readonly searchToUnit: Matrix3;
  /** Maps the search frame to pixels of the oriented original. */
  readonly searchToPixels: Matrix3;
  /** The pose that somebody fixed. */
  readonly pin?: { readonly warp: Matrix3; readonly mirrored: boolean };
}

/** The start window of a whole image: a centred square of the image's area. */
export function wholeImage(image: WorkImage): StartWindow {
  const radius = Math.sqrt(image.width * image.height) / 2;
  return { centreX: image.width / 2, centreY: image.height / 2, radius };
}

/** Prepares an image: grey (Rec. 601) or colour float pyramid, and the frame in which the search moves. */
export function createView(image: WorkImage, colour: boolean, start: StartWindow = wholeImage(image)): View {
  const base = floatRaster(image.raster, colour);
  const { centreX, centreY, radius } = start;
  const searchToPixels: Matrix3 = [radius, 0, centreX, 0, radius, centreY, 0, 0, 1];
  const pixelsToUnit: Matrix3 = [2 / image.width, 0, -1, 0, 2 / image.height, -1, 0, 0, 1];
  const levels = buildPyramid(base).filter((level) => level.width >= 2 && level.height >= 2);
  return {
    id: image.id,
    levels: levels.length > 0 ? levels : [thickened(base)],
    searchToUnit: multiply(pixelsToUnit, searchToPixels),
    searchToPixels,
  };
}

function floatRaster(raster: Raster, colour: boolean): Raster<Float32Array> {
  const { width, height, channels } = raster;
  const pixels = width * height;
  const range = raster.data instanceof Uint8Array ? 255 : raster.data instanceof Uint16Array ? 65535 : 1;
  const plane = (channel: number): number => (channels >= 3 ? channel : 0) * pixels;
  if (colour) {
    const data = new Float32Array(3 * pixels);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < pixels; i++) data[c * pixels + i] = raster.data[plane(c) + i] / range;
    return { width, height, channels: 3, data };
  }
  const data = new Float32Array(pixels);
  const [r, g, b] = [plane(0), plane(1), plane(2)];
  for (let i = 0; i < pixels; i++)
    data[i] = (0.299 * raster.data[r + i] + 0.587 * raster.data[g + i] + 0.114 * raster.data[b + i]) / range;
  return { width, height, channels: 1, data };
}

/** The same picture with every pixel doubled, so that interpolation has neighbours in an image one pixel thin. */
function thickened(raster: Raster<Float32Array>): Raster<Float32Array> {
  const [width, height] = [raster.width * 2, raster.height * 2];
  const data = new Float32Array(width * height * raster.channels);
  for (let i = 0; i < data.length; i++) {
    const [column, line] = [i % width, Math.floor(i / width)];
    data[i] = raster.data[(line >> 1) * raster.width + (column >> 1)];
  }
  return { width, height, channels: raster.channels, data };
}

/** A left-right flip of the search frame, applied where an image is seen mirrored. */
export const flip: Matrix3 = [-1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The map from canonical points, seen through a window of half-size `zoom`, to unit coordinates of the image. */
export function windowToUnit(view: View, warp: Matrix3, zoom: number, mirrored: boolean): Matrix3 {
  const window: Matrix3 = [zoom, 0, 0, 0, zoom, 0, 0, 0, 1];
  return mirrored ? chain(view.searchToUnit, flip, warp, window) : chain(view.searchToUnit, warp, window);
}

/**
 * Renders a `size` x `size` crop of an image, its border replicated outside, without skipping pixels.
 *
 * `toUnit` maps the window [-1, 1]^2 to unit coordinates of the image. Writes `[channels, size, size]` into `target` from
 * `offset` on. **Convention**: align_corners = false; `shift` moves the sampling lattice right and down, in pixels of
 * the crop: pixel i is sampled at (i + 0.5 - shift) / size * 2 - 1.
 */
export function renderCrop(
  view: View,
  toUnit: Matrix3,
  size: number,
  shift: number,
  target: Float32Array,
  offset: number,
): void {
  const base = view.levels[0];
  const columns = Math.hypot(toUnit[0] * base.width, toUnit[3] * base.height);
  const rows = Math.hypot(toUnit[1] * base.width, toUnit[4] * base.height);
  const step = Math.max(columns, rows) / size;
  const level = Math.min(view.levels.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(step, 1e-9)))));
  const source = view.levels[level];
  const { width, height, channels, data } = source;
  const unitToLattice: Matrix3 = [width / 2, 0, width / 2 - 0.5, 0, height / 2, height / 2 - 0.5, 0, 0, 1];
  const first = (0.5 - shift) * (2 / size) - 1;
  const cropToWindow: Matrix3 = [2 / size, 0, first, 0, 2 / size, first, 0, 0, 1];
  const m = chain(unitToLattice, toUnit, cropToWindow);
  const projective = m[6] !== 0 || m[7] !== 0;
  const [right, bottom] = [width - 1, height - 1];
  const plane = size * size;
  for (let row = 0; row < size; row++) {
    const [x0, y0] = [m[1] * row + m[2], m[4] * row + m[5]];
    const [x1, y1] = [x0 + m[0] * (size - 1), y0 + m[3] * (size - 1)];
    const inside = x0 >= 0 && x1 >= 0 && y0 >= 0 && y1 >= 0 && Math.max(x0, x1) < right && Math.max(y0, y1) < bottom;
    const start = offset + row * size;
    if (inside && channels === 1 && !projective) {
      for (let column = 0; column < size; column++) {
        const x = m[0] * column + x0;
        const y = m[3] * column + y0;
        const left = x | 0;
        const top = y | 0;
        const i = top * width + left;
        const upper = data[i] + (data[i + 1] - data[i]) * (x - left);
        const lower = data[i + width] + (data[i + width + 1] - data[i + width]) * (x - left);
        target[start + column] = upper + (lower - upper) * (y - top);
      }
      continue;
    }
    for (let column = 0; column < size; column++) {
      let x = m[0] * column + x0;
      let y = m[3] * column + y0;
      if (projective) {
        const w = m[6] * column + m[7] * row + m[8];
        x /= w;
        y /= w;
      }
      x = x > 0 ? (x < right ? x : right) : 0;
      y = y > 0 ? (y < bottom ? y : bottom) : 0;
      const left = x < right ? x | 0 : right - 1;
      const top = y < bottom ? y | 0 : bottom - 1;
      const a = x - left;
      const b = y - top;
      let i = top * width + left;
      let at = start + column;
      for (let c = 0; c < channels; c++) {
        const upper = data[i] + (data[i + 1] - data[i]) * a;
        const lower = data[i + width] + (data[i + width + 1] - data[i + width]) * a;
        target[at] = upper + (lower - upper) * b;
        i += width * height;
        at += plane;
      }
    }
  }
}

/** Writes 1 for each cell of a `cells` x `cells` lattice whose centre lies inside the image, 0 for the others. */
export function renderMask(toUnit: Matrix3, cells: number, target: Float32Array, offset: number): void {
  const m = toUnit;
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const [x, y] = [((column + 0.5) / cells) * 2 - 1, ((row + 0.5) / cells) * 2 - 1];
      const w = m[6] * x + m[7] * y + m[8];
      const u = (m[0] * x + m[1] * y + m[2]) / w;
      const v = (m[3] * x + m[4] * y + m[5]) / w;
      target[offset + row * cells + column] = u >= -1 && u <= 1 && v >= -1 && v <= 1 && w > 0 ? 1 : 0;
    }
  }
}

/** The pose of a whole image: canonical frame to pixels of the oriented original, before anything is aligned. */
export function wholeImageToPixels(image: WorkImage): Matrix3 {
  const { centreX, centreY, radius } = wholeImage(image);
  return [radius, 0, centreX, 0, radius, centreY, 0, 0, 1];
}
