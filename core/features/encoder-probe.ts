import { createRandom, type Random } from '../geometry/random.ts';

/** Feature maps of some images: `data` is `[count, channels, height, width]`. */
export interface FeatureMaps {
  readonly data: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Describes `count` images `[count, 3, height, width]`, RGB 0..1. */
export type Describe = (rgb: Float32Array, count: number, height: number, width: number) => Promise<FeatureMaps>;

/** Width and height in pixels of an image that is used for probing. */
export interface ProbeSize {
  readonly width: number;
  readonly height: number;
}

const textures = 3;
const change = 0.2;

/**
 * Finds where the cells of an encoder look, by changing single columns and rows of smooth random textures: the centre of
 * a cell is the centroid of the squared differences that its channels show. Returns the pixel coordinate of cell 0.
 *
 * **Convention**: corner frame, the pixel with index p has its centre at p + 0.5. What counts is what a cell answers to
 * and not the middle of its receptive field: networks trained with one-sided padding learn to look back from it.
 * Deterministic. `across` and `along` are the images in which columns and rows are changed; both must be long against
 * the stride, and may be narrow.
 */
export async function probeOffset(
  describe: Describe,
  across: ProbeSize,
  along: ProbeSize,
  stride: number,
): Promise<number> {
  const random = createRandom(1).fork('encoder probe');
  const horizontal = await probeAxis(describe, across, stride, false, random);
  const vertical = await probeAxis(describe, along, stride, true, random);
  return (horizontal + vertical) / 2 + 0.5;
}

/**
 * Changes `stride` neighbouring lines, one at a time. Seen from all cells together, these lines lie at every
 * distance there is. Returns the mean distance in pixels from `stride * cell`, weighted by the squared differences.
 */
async function probeAxis(
  describe: Describe,
  { width, height }: ProbeSize,
  stride: number,
  vertical: boolean,
  random: Random,
): Promise<number> {
  const first = Math.floor((vertical ? height : width) / stride / 2) * stride;
  let weight = 0;
  let moment = 0;
  for (let t = 0; t < textures; t++) {
    const base = texture(width, height, random);
    const before = await describe(base, 1, height, width);
    for (let line = first; line < first + stride; line++) {
      const after = await describe(withLine(base, width, height, line, vertical), 1, height, width);
      lineEnergy(before, after, vertical).forEach((energy, cell) => {
        weight += energy;
        moment += energy * (line - stride * cell);
      });
    }
  }
  return weight > 0 ? moment / weight : (stride - 1) / 2;
}

/** Squared differences between two maps, added up for each cell along one axis. */
function lineEnergy(before: FeatureMaps, after: FeatureMaps, vertical: boolean): Float64Array {
  const { width, height, data } = before;
  const energy = new Float64Array(vertical ? height : width);
  for (let i = 0; i < data.length; i++) {
    const difference = data[i] - after.data[i];
    energy[vertical ? Math.floor(i / width) % height : i % width] += difference * difference;
  }
  return energy;
}

/** A texture `[1, 3, height, width]` of grey noise at several sizes with a little colour, about 0..1. */
function texture(width: number, height: number, random: Random): Float32Array {
  const plane = width * height;
  const grey = new Float32Array(plane);
  for (const grain of [1, 2, 4, 8, 16, 32]) {
    const columns = Math.ceil(width / grain) + 1;
    const noise = Float32Array.from({ length: columns * (Math.ceil(height / grain) + 1) }, () =>
      random.uniform(-0.12, 0.12),
    );
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) grey[y * width + x] += bilinear(noise, columns, x / grain, y / grain);
  }
  return Float32Array.from({ length: 3 * plane }, (_, i) => 0.5 + grey[i % plane] + random.uniform(-0.03, 0.03));
}

function bilinear(noise: Float32Array, columns: number, x: number, y: number): number {
  const i = Math.floor(y) * columns + Math.floor(x);
  const fx = x - Math.floor(x);
  const fy = y - Math.floor(y);
  const top = fx === 0 ? noise[i] : noise[i] * (1 - fx) + noise[i + 1] * fx;
  if (fy === 0) return top;
  const below = fx === 0 ? noise[i + columns] : noise[i + columns] * (1 - fx) + noise[i + columns + 1] * fx;
  return top * (1 - fy) + below * fy;
}

/** A copy of an image `[1, 3, height, width]` in which one column, or row when `vertical`, is brighter. */
function withLine(base: Float32Array, width: number, height: number, line: number, vertical: boolean): Float32Array {
  const copy = base.slice();
  const [start, step, count] = vertical ? [line * width, 1, width] : [line, width, height];
  for (let c = 0; c < 3; c++) for (let k = 0; k < count; k++) copy[c * width * height + start + k * step] += change;
  return copy;
}
