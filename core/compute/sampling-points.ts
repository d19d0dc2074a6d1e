import type { Point, Size } from '../geometry/units.ts';
import type { Raster } from '../stn/raster.ts';

/** What is drawn: places in pixels of the source (corner frame). */
export interface SamplingPicture {
  readonly points: readonly Point[];
  /** The edge of the crop as it lies on the source, one closed line. */
  readonly outline: readonly Point[];
}

const smallestSide = 512;
const pointColour = [230, 50, 40];
const lineColour = [40, 110, 230];
const ground = 245;

/**
 * Draws where a crop is read on its source: `[3, H, W]`, 8 bits. Small sources are enlarged, and there is room around the
 * source for places outside it, up to half of its size.
 *
 * **Convention**: `size` is that of the source in which the places are; `source` may be a smaller copy of it.
 */
export function drawSamplingPoints(
  source: Raster<Uint8Array>,
  { width, height }: Size,
  { points, outline }: SamplingPicture,
): Raster<Uint8Array> {
  const enlarged = Math.max(1, Math.floor(smallestSide / Math.max(source.width, source.height)));
  const shown = { width: source.width * enlarged, height: source.height * enlarged };
  const room = (values: readonly number[], length: number): readonly [number, number] => {
    const finite = values.filter(Number.isFinite).map((value) => value / length);
    const before = Math.min(0.5, Math.max(0, -Math.min(0, ...finite)));
    return [before, Math.min(0.5, Math.max(0, Math.max(1, ...finite) - 1))];
  };
  const all = [...points, ...outline];
  const [left, right] = room(
    all.map(({ x }) => x),
    width,
  );
  const [top, bottom] = room(
    all.map(({ y }) => y),
    height,
  );
  const edge = 4;
  const offset = { x: Math.ceil(left * shown.width) + edge, y: Math.ceil(top * shown.height) + edge };
  const canvas: Raster<Uint8Array> = {
    width: offset.x + shown.width + Math.ceil(right * shown.width) + edge,
    height: offset.y + shown.height + Math.ceil(bottom * shown.height) + edge,
    channels: 3,
    data: new Uint8Array(0),
  };
  const plane = canvas.width * canvas.height;
  const data = new Uint8Array(3 * plane).fill(ground);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < shown.height; y++)
      for (let x = 0; x < shown.width; x++) {
        const from = Math.floor(y / enlarged) * source.width + Math.floor(x / enlarged);
        const to = c * plane + (y + offset.y) * canvas.width + x + offset.x;
        data[to] = source.data[(c % source.channels) * source.width * source.height + from];
      }
  const picture = { ...canvas, data };
  const place = ({ x, y }: Point): Point => ({
    x: (x * shown.width) / width + offset.x,
    y: (y * shown.height) / height + offset.y,
  });
  outline.forEach((from, i) => {
    drawLine(picture, place(from), place(outline[(i + 1) % outline.length]));
  });
  for (const point of points) drawDisc(picture, place(point), 2, pointColour);
  return picture;
}

function drawLine(picture: Raster<Uint8Array>, from: Point, to: Point): void {
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y));
  if (!(steps < 1e5)) return;
  for (let i = 0; i <= steps; i++) {
    const t = steps === 0 ? 0 : i / steps;
    drawDisc(picture, { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) }, 0.8, lineColour);
  }
}

/** Covers every pixel by as much as the disc does at its centre. */
function drawDisc(picture: Raster<Uint8Array>, { x, y }: Point, radius: number, colour: readonly number[]): void {
  const { width, height, data } = picture;
  const reach = radius + 0.5;
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, y + reach); row++)
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(width, x + reach); column++) {
      const cover = Math.min(1, Math.max(0, reach - Math.hypot(column + 0.5 - x, row + 0.5 - y)));
      for (let c = 0; c < 3; c++) {
        const at = c * width * height + row * width + column;
        data[at] = Math.round(data[at] * (1 - cover) + colour[c] * cover);
      }
    }
}
