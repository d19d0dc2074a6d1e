import type { FeatureExtractor, Projection } from '../../features/feature-maps.ts';
import { latticeShift } from '../../features/feature-maps.ts';
import { fitProjection } from '../../features/pca.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { identity3 } from '../../geometry/matrix.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';
import { renderCrop, renderMask, windowToUnit, type View } from './views.ts';

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
  for (let start = 0; start < views.length; start += batch) {
    const poses = views.slice(start, start + batch).map((view) => ({ view, warp: identity3, mirrored: false }));
    const pixels = renderPoses(extractor, poses, size, 1);
    maps.set(await extractor.describe(pixels, poses.length, size), start * extractor.channels * cells * cells);
    poses.forEach((pose, i) =>
      renderMask(windowToUnit(pose.view, pose.warp, 1, false), cells, masks, (start + i) * cells * cells),
    );
    await breathe(signal);
  }
  return { extractor, projection: fitProjection(extractor, maps, masks, cells), signal, runtime };
}

function renderPoses(extractor: FeatureExtractor, poses: readonly Pose[], size: number, zoom: number): Float32Array {
  const each = extractor.inputChannels * size * size;
  const pixels = new Float32Array(poses.length * each);
  const shift = latticeShift(extractor);
  poses.forEach(({ view, warp, mirrored }, i) =>
    renderCrop(view, windowToUnit(view, warp, zoom, mirrored), size, shift, pixels, i * each),
  );
  return pixels;
}

/** Describes poses through the canonical window of half-size `zoom`, as `cells` x `cells` maps. */
export async function describePoses(
  describer: Describer,
  poses: readonly Pose[],
  cells: number,
  zoom: number,
): Promise<Described> {
  const channels = describer.projection.components;
  const plane = cells * cells;
  const maps = new Float32Array(poses.length * channels * plane);
  const masks = new Float32Array(poses.length * plane);
  for await (const { start, part } of describeBatches(describer, poses, cells, zoom)) {
    maps.set(part.maps, start * channels * plane);
    masks.set(part.masks, start * plane);
  }
  return { count: poses.length, channels, cells, maps, masks };
}

/** The same batch by batch, for what needs not all maps at once. */
export async function* describeBatches(
  describer: Describer,
  poses: readonly Pose[],
  cells: number,
  zoom: number,
): AsyncGenerator<{ readonly start: number; readonly part: Described }> {
  const { extractor, projection, signal } = describer;
  const channels = projection.components;
  const plane = cells * cells;
  const size = cells * extractor.stride;
  const batch = batchOf(size);
  for (let start = 0; start < poses.length; start += batch) {
    const chosen = poses.slice(start, start + batch);
    const pixels = renderPoses(extractor, chosen, size, zoom);
    const maps = await extractor.project(pixels, chosen.length, size, projection);
    const masks = new Float32Array(chosen.length * plane);
    chosen.forEach(({ view, warp, mirrored }, i) =>
      renderMask(windowToUnit(view, warp, zoom, mirrored), cells, masks, i * plane),
    );
    applyMasks(maps, masks, channels, plane);
    yield { start, part: { count: chosen.length, channels, cells, maps, masks } };
    await breathe(signal);
  }
}

/**
 * Describes poses and what they show after 1, 2 and 3 quarter turns, batch by batch: each part holds four times its poses,
 * one turn after the other. `turns` is the extractor's `projectTurns`.
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
  for (let start = 0; start < poses.length; start += batch) {
    const chosen = poses.slice(start, start + batch);
    const maps = await turns(renderPoses(extractor, chosen, size, 1), chosen.length, size, projection);
    const masks = new Float32Array(4 * chosen.length * plane);
    chosen.forEach(({ view, warp, mirrored }, i) =>
      renderMask(windowToUnit(view, warp, 1, mirrored), cells, masks, i * plane),
    );
    for (let i = chosen.length; i < 4 * chosen.length; i++)
      turnPlane(masks.subarray((i - chosen.length) * plane), masks.subarray(i * plane), cells);
    applyMasks(maps, masks, channels, plane);
    yield { chosen, part: { count: 4 * chosen.length, channels, cells, maps, masks } };
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
