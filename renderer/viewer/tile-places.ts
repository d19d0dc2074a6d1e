import type { Size } from '../../core/geometry/units.ts';
import type { View } from './view.ts';

/** The tiles that an original is cut into. Level 0 is the original, each next one is half as large. */
export interface TilePyramid {
  /** Side of a tile in pixels; those at the far edges are smaller. */
  readonly tile: number;
  readonly levels: readonly (Size & { readonly columns: number; readonly rows: number })[];
}

export interface TilePlace {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** A rectangle in pixels of the original. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** The coarsest level whose pixels are no larger than those of the screen; `density` is screen pixels per CSS pixel. */
export function levelFor({ levels }: TilePyramid, scale: number, density: number): number {
  const wanted = Math.floor(Math.log2(1 / Math.max(1e-9, scale * density)) + 1e-6);
  return Math.min(levels.length - 1, Math.max(0, wanted));
}

/** Where a tile lies on the original. */
export function areaOf({ tile, levels }: TilePyramid, { level, column, row }: TilePlace): Rectangle {
  const [whole, { width, height }] = [levels[0], levels[level]];
  const [x, y] = [whole.width / width, whole.height / height];
  const [left, top] = [column * tile, row * tile];
  return {
    ...{ x: left * x, y: top * y },
    ...{ width: Math.min(tile, width - left) * x, height: Math.min(tile, height - top) * y },
  };
}

/** The tiles of a level that a viewport shows, those in the middle first. */
export function tilesInView(pyramid: TilePyramid, level: number, view: View, viewport: Size): readonly TilePlace[] {
  const { columns, rows, width, height } = pyramid.levels[level];
  const [whole] = pyramid.levels;
  const sideX = (pyramid.tile * whole.width * view.scale) / width;
  const sideY = (pyramid.tile * whole.height * view.scale) / height;
  const range = (from: number, length: number, side: number, count: number) =>
    [Math.max(0, Math.floor(-from / side)), Math.min(count - 1, Math.floor((length - from) / side))] as const;
  const [left, right] = range(view.x, viewport.width, sideX, columns);
  const [top, bottom] = range(view.y, viewport.height, sideY, rows);
  const places: TilePlace[] = [];
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) places.push({ level, column, row });
  const far = ({ column, row }: TilePlace) =>
    Math.hypot(
      view.x + (column + 0.5) * sideX - viewport.width / 2,
      view.y + (row + 0.5) * sideY - viewport.height / 2,
    );
  return places.toSorted((a, b) => far(a) - far(b));
}

/** The tile of the next coarser level that covers a tile; undefined at the coarsest. */
export function parentOf({ levels }: TilePyramid, { level, column, row }: TilePlace): TilePlace | undefined {
  if (level + 1 >= levels.length) return undefined;
  return { level: level + 1, column: column >> 1, row: row >> 1 };
}
