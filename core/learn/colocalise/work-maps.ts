import { greyNodes, ori4Channels, ori4Nodes, ori4Stride } from '../../features/ori4.ts';
import type { WorkImage } from '../../features/work-image.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { float32, floats, type Tensor } from '../../graph/tensor.ts';
import type { Graph } from '../../graph/value.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';

/** Longer side in pixels of the frame in which objects are looked for. **Convention**: images lie at its top left. */
export const workSide = 84;

/** Sides to which images are brought for objects of different size; the fixed one is `workSide`. */
export const levelSides = [120, 108, 96, 84, 76, 68, 60] as const;

/** Maps of all images at one size: centred on the set's mean, zero outside the images. */
export interface MapLevel {
  /** Longer side in pixels to which the images were brought. */
  readonly side: number;
  /** Work pixels per pixel of this level: objects this many times larger look alike here. */
  readonly scale: number;
  readonly channels: number;
  /** Rows and columns of each map. */
  readonly cells: number;
  /** `[N, channels, cells, cells]`. */
  readonly data: Float32Array;
  /** The set's mean per channel over all cells inside images. */
  readonly mean: Float32Array;
}

/** A set of images as co-localisation sees it. */
export interface WorkMaps {
  readonly count: number;
  /** Width and height of each image in work pixels, at most `workSide`. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  /** Grey images minus their own means on the canvas, `[N, 1, workSide, workSide]`, zero outside the image. */
  readonly grey: Float32Array;
  /** One per entry of `levelSides`. */
  readonly levels: readonly MapLevel[];
}

/** Images described in one run. */
const chunk = 4;

function describeGraph(): Graph {
  const g = new GraphBuilder();
  const pixels = g.input('pixels', [1, 3, workSide, workSide], 'float32', { 0: 'n', 2: 'h', 3: 'w' });
  for (const side of levelSides) {
    const grey = greyNodes(g, pixels, side);
    const spatial = { 0: 'n', 2: `h${side}`, 3: `w${side}` };
    if (side === workSide) g.output('grey', grey, spatial);
    g.output(`maps${side}`, ori4Nodes(g, grey), { 0: 'n', 2: `mh${side}`, 3: `mw${side}` });
  }
  return g.build();
}

/** A raster's RGB bytes as floats 0..1, appended at `at`. */
export function rgbFloats(image: WorkImage, into: Float32Array, at: number): void {
  const { data } = image.raster;
  const top = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : 1;
  for (let i = 0; i < data.length; i++) into[at + i] = data[i] / top;
}

/** Indices of images whose rasters have the same size, in runs of at most `limit`. */
export function sameSizeRuns(images: readonly WorkImage[], limit: number): number[][] {
  const groups = new Map<string, number[][]>();
  images.forEach(({ raster: { width, height } }, index) => {
    const key = `${width} ${height}`;
    const runs = groups.get(key) ?? [];
    groups.set(key, runs);
    const last = runs.at(-1);
    if (last && last.length < limit) last.push(index);
    else runs.push([index]);
  });
  return [...groups.values()].flat();
}

/** Describes all images, at all sizes; pixels come from the working rasters. Yields how many are described. */
export async function* describeWork(
  images: readonly WorkImage[],
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<number, WorkMaps> {
  const session = await openSession(describeGraph(), options);
  const count = images.length;
  const sizes = images.map(({ raster: { width, height } }) => {
    const scale = workSide / Math.max(width, height);
    return { width: width * scale, height: height * scale };
  });
  const grey = new Float32Array(count * workSide ** 2);
  const levels = levelSides.map((side) => emptyLevel(side, count));
  const totals = levelSides.map(() => ({ sums: new Float64Array(ori4Channels), cells: 0 }));
  let done = 0;
  const extents: Map<number, [number, number]>[] = levelSides.map(() => new Map<number, [number, number]>());
  try {
    for (const run of sameSizeRuns(images, chunk)) {
      const { width, height } = images[run[0]].raster;
      const pixels = new Float32Array(run.length * 3 * width * height);
      run.forEach((index, i) => rgbFloats(images[index], pixels, i * 3 * width * height));
      const found = await session.run({ pixels: float32(pixels, [run.length, 3, height, width]) });
      layGrey(found.grey, run, grey);
      levelSides.forEach((side, l) => {
        const tensor = found[`maps${side}`];
        layMaps(tensor, run, levels[l], totals[l]);
        for (const index of run) extents[l].set(index, [tensor.shape[2], tensor.shape[3]]);
      });
      await breathe(options.signal);
      yield (done += run.length);
    }
  } finally {
    await session.dispose();
  }
  levels.forEach((level, l) => centre(level, totals[l], extents[l]));
  return { count, sizes, grey, levels };
}

function emptyLevel(side: number, count: number): MapLevel {
  const cells = side / ori4Stride;
  const data = new Float32Array(count * ori4Channels * cells * cells);
  return { side, scale: workSide / side, channels: ori4Channels, cells, data, mean: new Float32Array(ori4Channels) };
}

function layGrey(tensor: Tensor, run: readonly number[], into: Float32Array): void {
  const [, , height, width] = tensor.shape;
  const values = floats(tensor);
  run.forEach((index, i) => {
    const plane = values.subarray(i * height * width, (i + 1) * height * width);
    const mean = plane.reduce((a, b) => a + b, 0) / plane.length;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) into[(index * workSide + y) * workSide + x] = plane[y * width + x] - mean;
  });
}

function layMaps(
  tensor: Tensor,
  run: readonly number[],
  level: MapLevel,
  total: { sums: Float64Array; cells: number },
): void {
  const [, channels, height, width] = tensor.shape;
  const values = floats(tensor);
  const { cells, data } = level;
  run.forEach((index, i) => {
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const value = values[((i * channels + c) * height + y) * width + x];
          data[((index * channels + c) * cells + y) * cells + x] = value;
          total.sums[c] += value;
        }
    total.cells += height * width;
  });
}

function centre(
  level: MapLevel,
  total: { readonly sums: Float64Array; readonly cells: number },
  extents: ReadonlyMap<number, readonly [number, number]>,
): void {
  const { channels, cells, data, mean } = level;
  for (let c = 0; c < channels; c++) mean[c] = total.sums[c] / Math.max(1, total.cells);
  for (const [index, [height, width]] of extents)
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) data[((index * channels + c) * cells + y) * cells + x] -= mean[c];
}
