import type { Raster } from '../stn/raster.ts';

/** One image as the learners see it: its true size and a small working copy of its pixels. */
export interface WorkImage {
  /** Path relative to the collection's folder; unique within it. */
  readonly id: string;
  /** Width and height in pixels of the oriented original (after EXIF orientation). */
  readonly width: number;
  readonly height: number;
  /** Working copy: planar RGB `[3, h, w]`, 8 bits, the original's aspect ratio, longest side limited. */
  readonly raster: Raster;
}
