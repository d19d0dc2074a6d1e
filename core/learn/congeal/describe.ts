import type { FeatureExtractor, Projection } from '../../features/feature-maps.ts';
import { latticeShift } from '../../features/feature-maps.ts';
import { fitProjection } from '../../features/pca.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { identity3 } from '../../geometry/matrix.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';
import { alone, type Crew, type Task } from '../crew/crew.ts';
import { sharedFloats } from '../crew/shared.ts';
import { renderCrop, renderMask, windowToUnit, type View } from './views.ts';
import { allPieces } from './work.ts';

/** One view at one warp. */
export interface Pose {
  readonly view: View;
  /** Canonical frame to search frame. */
  readonly warp: Matrix3;
  readonly mirrored: boolean;
}

/** Feature maps `[count, components, cells, cells]`, zero outside the images, and masks `[count, cells, cells]`. */
export interface Described {
  readonly count: number;
  readonly channels: number;
  readonly cells: number;
  readonly maps: Float32Array;
  readonly masks: Float32Array;
}

/** Renders views at their warps and describes them; the one way from pixels to features in joint alignment. */
export interface Describer {
  readonly extractor: FeatureExtractor;
  readonly projection: Projection;
  readonly signal: AbortSignal | undefined;
  /** How further sessions that work on the maps are opened. */
  readonly runtime?: SessionOptions;
  /** Who describes; by default this thread. */
  readonly crew?: Crew<DescribeTools>;
}

/** What describing poses needs. */
interface DescribeTools {
  readonly describer: Describer;
}

/** Pixels of renders that are described together: few enough for their maps to stay in a core's cache. */
const batchPixels = 74_000;

function batchOf(size: number): number {
  return Math.max(1, Math.round(batchPixels / (size * size)));
}

/** Fits the projection of a set on its images as they are, through the window [-1, 1]^2 of their search frames. */
export async function createDescriber(
  extractor: FeatureExtractor,
  views: readonly View[],
  signal: AbortSignal | undefined,
  runtime: SessionOptions = {},
): Promise<Describer> {
  const cells = 24;
  const size = cells * extractor.stride;
  const batch = batchOf(size);
  const maps = new Float32Array(views.length * extractor.channels * cells * cells);
  const masks = new Float32Array(views.length * cells * cells);
  const rendered = new Float32Array(batch * extractor.inputChannels * size * size);
  for (let start = 0; start < views.length; start += batch) {
    const poses = views.slice(start, start + batch).map((view) => ({ view, warp: identity3, mirrored: false }));
    const pixels = renderPoses(extractor, poses, size, 1, rendered);
    maps.set(await extractor.describe(pixels, poses.length, size), start * extractor.channels * cells * cells);
    poses.forEach((pose, i) =>
      renderMask(windowToUnit(pose.view, pose.warp, 1, false), cells, masks, (start + i) * cells * cells),
    );
    await breathe(signal);
  }
  return { extractor, projection: fitProjection(extractor, maps, masks, cells), signal, runtime };
}

/** Renders poses one after another into `target`. */
function renderPoses(
  extractor: FeatureExtractor,
  poses: readonly Pose[],
  size: number,
  zoom: number,
  target: Float32Array,
): Float32Array {
  const each = extractor.inputChannels * size * size;
  const pixels = target.subarray(0, poses.length * each);
  const shift = latticeShift(extractor);
  poses.forEach(({ view, warp, mirrored }, i) =>
    renderCrop(view, windowToUnit(view, warp, zoom, mirrored), size, shift, pixels, i * each),
  );
  return pixels;
}

/** Memory for the maps and masks of `count` poses, which is shared where others describe them. */
export function allocateMaps({ projection, crew }: Describer, count: number, cells: number): Described {
  const plane = cells * cells;
  const make = crew === undefined ? (length: number) => new Float32Array(length) : sharedFloats;
  const maps = make(count * projection.components * plane);
  return { count, channels: projection.components, cells, maps, masks: make(count * plane) };
}

/** Poses and where their maps and masks are to be written, in shared memory. */
interface DescribeOrder extends Omit<Described, 'count' | 'channels'> {
  readonly poses: readonly Pose[];
  readonly zoom: number;
}

/** Describes a few poses. */
export const describing: Task<DescribeTools, DescribeOrder, undefined> = {
  name: 'describe',
  run: async ({ describer: { extractor, projection } }, { poses, cells, zoom, maps, masks }) => {
    const plane = cells * cells;
    const size = cells * extractor.stride;
    const rendered = new Float32Array(poses.length * extractor.inputChannels * size * size);
    const pixels = renderPoses(extractor, poses, size, zoom, rendered);
    await extractor.project(pixels, poses.length, size, projection, maps);
    poses.forEach(({ view, warp, mirrored }, i) => {
      renderMask(windowToUnit(view, warp, zoom, mirrored), cells, masks, i * plane);
    });
    applyMasks(maps, masks, projection.components, plane);
    return undefined;
  },
};

/**
 * Describes poses through the canonical window of half-size `zoom`, as `cells` x `cells` maps. Loops that are done with one
 * result before they ask for the next give `memory` for it: fresh memory takes longer than what is written there.
 */
export async function describePoses(
  describer: Describer,
  poses: readonly Pose[],
  cells: number,
  zoom: number,
  memory: Described = allocateMaps(describer, poses.length, cells),
): Promise<Described> {
  const { extractor, projection, signal, crew = alone({ describer }) } = describer;
  const channels = projection.components;
  const plane = cells * cells;
  const batch = Math.max(1, Math.min(batchOf(cells * extractor.stride), Math.ceil(poses.length / crew.size)));
  await allPieces(crew, signal, describing, Math.ceil(poses.length / batch), (n) => {
    const [start, end] = [n * batch, Math.min((n + 1) * batch, poses.length)];
    const maps = memory.maps.subarray(start * channels * plane, end * channels * plane);
    return {
      poses: poses.slice(start, end),
      cells,
      zoom,
      maps,
      masks: memory.masks.subarray(start * plane, end * plane),
    };
  });
  return {
    count: poses.length,
    channels,
    cells,
    maps: memory.maps.subarray(0, poses.length * channels * plane),
    masks: memory.masks.subarray(0, poses.length * plane),
  };
}

/**
 * Describes poses and what they show after 1, 2 and 3 quarter turns, batch by batch: each part holds four times its poses,
 * one turn after the other, until the next one is asked for. `turns` is the extractor's `projectTurns`.
 */
export async function* describeTurns<Some extends Pose>(
  describer: Describer,
  turns: NonNullable<FeatureExtractor['projectTurns']>,
  poses: readonly Some[],
  cells: number,
): AsyncGenerator<{ readonly chosen: readonly Some[]; readonly part: Described }> {
  const { extractor, projection, signal } = describer;
  const channels = projection.components;
  const plane = cells * cells;
  const size = cells * extractor.stride;
  const batch = Math.max(1, batchOf(size) >> 1);
  const memory = allocateMaps(describer, 4 * batch, cells);
  const rendered = new Float32Array(batch * extractor.inputChannels * size * size);
  for (let start = 0; start < poses.length; start += batch) {
    const chosen = poses.slice(start, start + batch);
    const count = 4 * chosen.length;
    const maps = memory.maps.subarray(0, count * channels * plane);
    const masks = memory.masks.subarray(0, count * plane);
    const pixels = renderPoses(extractor, chosen, size, 1, rendered);
    await turns(pixels, chosen.length, size, projection, maps);
    chosen.forEach(({ view, warp, mirrored }, i) =>
      renderMask(windowToUnit(view, warp, 1, mirrored), cells, masks, i * plane),
    );
    for (let i = chosen.length; i < count; i++)
      turnPlane(masks.subarray((i - chosen.length) * plane), masks.subarray(i * plane), cells);
    applyMasks(maps, masks, channels, plane);
    yield { chosen, part: { count, channels, cells, maps, masks } };
    await breathe(signal);
  }
}

/** Writes a square plane turned by a quarter: row y, column x is row x, column (last - y) of what it was. */
function turnPlane(from: Float32Array, to: Float32Array, cells: number): void {
  for (let y = 0; y < cells; y++) for (let x = 0; x < cells; x++) to[y * cells + x] = from[x * cells + cells - 1 - y];
}

function applyMasks(maps: Float32Array, masks: Float32Array, channels: number, plane: number): void {
  for (let n = 0; n * plane < masks.length; n++)
    for (let cell = 0; cell < plane; cell++)
      if (masks[n * plane + cell] === 0) for (let c = 0; c < channels; c++) maps[(n * channels + c) * plane + cell] = 0;
}
