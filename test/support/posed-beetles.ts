import { drawBeetles } from '../../core/datasets/samples/beetles.ts';
import type { WorkImage } from '../../core/features/work-image.ts';
import { chain, invert, scale, type Matrix3 } from '../../core/geometry/matrix.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { sampleRaster } from '../../core/stn/sample.ts';

/** A beetle in a known pose: `truth` takes the canonical frame, the beetle filling most of it, to pixels. */
export interface PosedBeetle {
  readonly image: WorkImage;
  readonly truth: Matrix3;
}

/** Draws beetles and turns, scales and shifts each picture, so that heads point up within ±`turn` radians. */
export function drawPosedBeetles(count: number, seed: number, turn: number): PosedBeetle[] {
  const [width, height] = [144, 128];
  return Array.from(drawBeetles({ seed, count, width: 160 }), (picture, n) => {
    const random = createRandom(seed).fork(`pose ${n}`);
    const { objectToPixel, box } = picture.truth;
    const unit = Math.hypot(objectToPixel[0], objectToPixel[3]);
    const half = Math.hypot(box.xmax - box.xmin, box.ymax - box.ymin) / 2.6 / unit;
    const canonicalToPicture = chain(objectToPixel, scale(half));
    const angle = random.uniform(-turn, turn);
    const size = 0.4 * height * Math.exp(random.uniform(-0.2, 0.2));
    const [c, s] = [size * Math.cos(angle), size * Math.sin(angle)];
    const shift = () => random.uniform(-0.1, 0.1) * height;
    const truth: Matrix3 = [c, -s, width / 2 + shift(), s, c, height / 2 + shift(), 0, 0, 1];
    const planes = interleavedToPlanes(picture.data, picture.width * picture.height);
    const source = { width: picture.width, height: picture.height, channels: 3, data: planes };
    const map = chain(canonicalToPicture, invert(truth));
    const seen = sampleRaster(source, map, width, height, { padding: 'border' });
    const data = Uint8Array.from(seen.data, (value) => Math.round(255 * value));
    return {
      image: { id: picture.name, width, height, raster: { width, height, channels: 3, data } },
      truth,
    };
  });
}

function interleavedToPlanes(data: Uint8Array, pixels: number): Uint8Array {
  return Uint8Array.from({ length: 3 * pixels }, (_, i) => data[3 * (i % pixels) + Math.floor(i / pixels)]);
}
