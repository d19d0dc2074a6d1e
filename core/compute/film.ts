import type { WorkImage } from '../features/work-image.ts';
import { unitToPixel } from '../geometry/frames.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import { multiply } from '../geometry/matrix.ts';
import { encodeRaster } from '../imaging/encode.ts';
import type { PosesEvent } from '../learn/event.ts';
import type { Raster } from '../stn/raster.ts';
import { sampleInto } from '../stn/sample.ts';
import type { FrameMessage } from './job.ts';
import { createStatistics } from './statistics.ts';

/** The film of a run: the mean of its images in the poses that they have at some moments. */
export interface Film {
  /** A frame of these poses, or nothing where it is too early for another one. */
  readonly frameOf: (event: PosesEvent) => Promise<FrameMessage | undefined>;
}

const side = 96;
const mostFrames = 300;
const mostImages = 100;
const leastMilliseconds = 500;
/** Frames may take this share of a run's time. */
const share = 0.04;

/**
 * A film of a collection, 96 pixels a side and at most 300 frames. A frame takes time, so how many there are depends on
 * the machine; what the run finds does not.
 */
export function createFilm(work: readonly WorkImage[]): Film {
  const byId = new Map(work.map((image) => [image.id, image]));
  let index = 0;
  let next = -Infinity;
  return {
    frameOf: async ({ phase, poses }) => {
      const begun = performance.now();
      if (begun < next || index >= mostFrames) return undefined;
      const statistics = createStatistics(side);
      const shown = spread(await poses(), mostImages);
      for (const { id, toUnit } of shown) {
        const image = byId.get(id);
        if (image !== undefined) statistics.add(cropOf(image.raster, toUnit));
      }
      const png = (raster: Raster<Float32Array>) => encodeRaster(raster, { format: 'png' });
      const [mean, std] = [await png(statistics.mean()), await png(statistics.deviation())];
      const spent = performance.now() - begun;
      next = performance.now() + Math.max(leastMilliseconds, spent / share);
      return { event: 'frame', index: index++, phase, width: side, height: side, mean, std, poses: shown };
    },
  };
}

/** At most so many items, evenly spread. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, n) => items[Math.floor((n * items.length) / most)]);
}

/** What the canonical frame shows of an image, `[4, side, side]`: sRGB 0..1, and 1 where the image is. */
function cropOf(raster: Raster, toUnit: Matrix3): Raster<Float32Array> {
  const { width, height } = raster;
  const window: Matrix3 = [2 / side, 0, -1, 0, 2 / side, -1, 0, 0, 1];
  const map = multiply(unitToPixel(width, height), multiply(toUnit, window));
  const data = new Float32Array(4 * side * side);
  sampleInto(raster, map, side, side, data, 0, { padding: 'border' });
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      const w = map[6] * x + map[7] * y + map[8];
      const [u, v] = [(map[0] * x + map[1] * y + map[2]) / w, (map[3] * x + map[4] * y + map[5]) / w];
      data[3 * side * side + row * side + column] = u >= 0 && u <= width && v >= 0 && v <= height ? 1 : 0;
    }
  return { width: side, height: side, channels: 4, data };
}
