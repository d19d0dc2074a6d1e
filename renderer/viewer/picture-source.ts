import type { Size } from '../../core/geometry/units.ts';
import { addresses } from '../api/addresses.ts';
import { engine } from '../api/client.ts';
import type { TilePlace, TilePyramid } from './tile-places.ts';

/** A picture that a viewer can show: an original in tiles, or one small enough to come as a whole. */
export interface PictureSource {
  readonly size: Size;
  readonly pyramid: TilePyramid;
  readonly addressOf: (place: TilePlace) => string;
  /** Address of a small copy that is likely to be at hand. */
  readonly small?: string | undefined;
  /** Drawn smoothly however large: its pixels mean nothing by themselves. */
  readonly isSmooth?: boolean;
  /** Changes when the file's pixels change. */
  readonly version?: string | undefined;
}

/** The original of an image, in tiles. */
export async function originalOf(project: string, image: string, signal: AbortSignal): Promise<PictureSource> {
  const { v, ...pyramid } = await engine.pictures.pyramid({ params: { project, image }, signal });
  const { width, height } = pyramid.levels[0];
  return {
    size: { width, height },
    pyramid,
    addressOf: (place) => addresses.tile(project, image, place, v),
    small: addresses.thumbnail(project, image, { side: 256, v }),
    version: v,
  };
}

/** A picture that is one file. */
export async function wholePicture(address: string, signal: AbortSignal): Promise<PictureSource> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`The engine answered ${answer.status} for a picture.`);
  const bitmap = await createImageBitmap(await answer.blob());
  const { width, height } = bitmap;
  bitmap.close();
  return {
    size: { width, height },
    pyramid: { tile: Math.max(width, height), levels: [{ width, height, columns: 1, rows: 1 }] },
    addressOf: () => address,
    isSmooth: true,
  };
}
