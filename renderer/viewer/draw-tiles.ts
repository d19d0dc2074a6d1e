import type { Size } from '../../core/geometry/units.ts';
import type { Rectangle, TilePlace, TilePyramid } from './tile-places.ts';
import { areaOf, levelFor, parentOf, tilesInView } from './tile-places.ts';
import type { View } from './view.ts';

/** From this many screen pixels per pixel on, pixels are drawn as squares. */
const squaresFrom = 6;

/** What has come so far. */
interface TileSource {
  readonly get: (place: TilePlace) => ImageBitmap | undefined;
}

/** How much of a picture is seen, and how large; `density` is screen pixels per CSS pixel. */
interface Shown {
  readonly view: View;
  readonly viewport: Size;
  readonly density: number;
  /** Never as squares. */
  readonly isSmooth: boolean;
}

/**
 * Draws what a viewport shows of an original. Where the wanted tile is not there yet, the part of the nearest coarser one
 * stands in, and where there is none, the small copy: nothing is ever blank.
 *
 * @returns the tiles that are wanted, most urgent first
 */
export function drawTiles(
  context: CanvasRenderingContext2D,
  pyramid: TilePyramid,
  tiles: TileSource,
  small: ImageBitmap | undefined,
  shown: Shown,
): readonly TilePlace[] {
  const [whole] = pyramid.levels;
  const { view, viewport, density, isSmooth } = shown;
  const level = levelFor(pyramid, view.scale, density);
  const wanted = tilesInView(pyramid, level, view, viewport);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.imageSmoothingEnabled = isSmooth || view.scale * density < squaresFrom;
  context.imageSmoothingQuality = level === 0 ? 'medium' : 'low';
  for (const place of wanted) {
    const area = areaOf(pyramid, place);
    const found = nearest(pyramid, tiles, place);
    const picture = found?.bitmap ?? small;
    const covers = found === undefined ? { x: 0, y: 0, width: whole.width, height: whole.height } : found.area;
    if (picture !== undefined) drawPart(context, picture, covers, area, shown);
  }
  const coarsest = { level: pyramid.levels.length - 1, column: 0, row: 0 };
  return level === coarsest.level ? wanted : [coarsest, ...wanted];
}

function nearest(pyramid: TilePyramid, tiles: TileSource, wanted: TilePlace) {
  for (let place: TilePlace | undefined = wanted; place !== undefined; place = parentOf(pyramid, place)) {
    const bitmap = tiles.get(place);
    if (bitmap !== undefined) return { bitmap, area: areaOf(pyramid, place) };
  }
  return undefined;
}

/** Draws the part of a picture, which covers `whole`, that covers `area`; edges fall on screen pixels, so that none shows. */
function drawPart(
  context: CanvasRenderingContext2D,
  picture: ImageBitmap,
  whole: Rectangle,
  area: Rectangle,
  { view, density }: Shown,
): void {
  const [x, y] = [picture.width / whole.width, picture.height / whole.height];
  const across = (at: number) => Math.round(density * (view.x + view.scale * at));
  const down = (at: number) => Math.round(density * (view.y + view.scale * at));
  const [left, top] = [across(area.x), down(area.y)];
  context.drawImage(
    picture,
    (area.x - whole.x) * x,
    (area.y - whole.y) * y,
    Math.min(picture.width, area.width * x),
    Math.min(picture.height, area.height * y),
    left,
    top,
    across(area.x + area.width) - left,
    down(area.y + area.height) - top,
  );
}
