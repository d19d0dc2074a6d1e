import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { CongealError } from '../../contract/errors.ts';
import type { Encoder } from '../../features/encoder.ts';
import type { WorkImage } from '../../features/work-image.ts';
import type { Random } from '../../geometry/random.ts';
import { scale } from '../../geometry/matrix.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { conv } from '../../graph/ops/convolution.ts';
import { matMul } from '../../graph/ops/linear.ts';
import { normalise } from '../../graph/ops/loss.ts';
import { transpose } from '../../graph/ops/movement.ts';
import type { Builder } from '../../graph/rule.ts';
import { float32, floats } from '../../graph/tensor.ts';
import type { Graph, Value } from '../../graph/value.ts';
import { openSession, type SessionOptions } from '../../runtime/session.ts';
import { buildPyramid, samplePyramid } from '../../stn/pyramid.ts';
import { breathe } from '../breathe.ts';
import type { ProgressEvent } from '../event.ts';
import { translate } from '../translate.ts';
import type { CellMaps } from './discriminative-classes.ts';
import type { Lattice } from './discriminative-regions.ts';

/** From an encoder's maps to short descriptions of cells: unit length, minus the mean, principal components. */
export interface CellProjection {
  /** `[components, channels]`. */
  readonly weights: Float32Array;
  /** `[components]`: minus the projected mean. */
  readonly bias: Float32Array;
  readonly components: number;
  readonly channels: number;
}

/** A set of photos as the search sees it. */
export interface DescribedPhotos {
  readonly maps: CellMaps;
  readonly lattice: Lattice;
  readonly projection: CellProjection;
}

/** Side in pixels of the square to which photos are brought; encoders with a fixed size say it themselves. */
const squareSide = 448;
/** Images and cells from which the projection is learned. */
const fittedImages = 96;
const fittedCells = 10000;
const components = 32;

/** The square in which an encoder sees photos; **throws** CongealError `model-unsuitable` when its input is not square. */
function squareFor(encoder: Encoder): number {
  const { fixedSize, stride, name } = encoder;
  if (fixedSize && fixedSize.width !== fixedSize.height)
    throw new CongealError(
      'model-unsuitable',
      `${name} takes images of ${fixedSize.width} x ${fixedSize.height} pixels only; finding objects needs a square input. Export it with both sides equal, or so that they may be any.`,
    );
  return fixedSize?.width ?? Math.max(stride, Math.round(squareSide / stride) * stride);
}

/**
 * Describes photos: each is stretched to a square, encoded, and its cells projected. The projection is learned from cells
 * of a random part of the images. Memory grows with the projected maps only.
 *
 * **Throws** CongealError `too-few-images` or `images-blank`.
 */
export async function* describePhotos(
  images: readonly WorkImage[],
  encoder: Encoder,
  random: Random,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<ProgressEvent, DescribedPhotos> {
  if (images.length < 2)
    throw new CongealError(
      'too-few-images',
      `A common object needs at least 2 images; ${images.length} can be used. Add images of the same kind of thing.`,
    );
  const side = squareFor(encoder);
  const order = random.shuffle(images.map((_, index) => index));
  const held = new Map<number, Float32Array>();
  const collected: Float32Array[] = [];
  let shape = { rows: 0, columns: 0 };
  let done = 0;
  const encodeOne = async (index: number): Promise<Float32Array> => {
    const found = await encoder.describe(squareOf(images[index], side), 1, side, side);
    shape = { rows: found.height, columns: found.width };
    await breathe(options.signal);
    done++;
    return found.data;
  };
  const progress = (): ProgressEvent => ({ kind: 'progress', phase: 'describe', done, total: images.length });
  const fitted = order.slice(0, fittedImages);
  for (const index of fitted) {
    const data = await encodeOne(index);
    held.set(index, data);
    collected.push(sampleCells(data, encoder.channels, Math.ceil(fittedCells / fitted.length), random));
    yield progress();
  }
  const projection = yield* translate(fitCells(collected, encoder.channels, options), () => [progress()]);
  const session = await openSession(projectionModel(projection), options);
  const { rows, columns } = shape;
  const each = rows * columns * projection.components;
  const data = new Float32Array(images.length * each);
  try {
    for (const index of order) {
      const raw = held.get(index) ?? (await encodeOne(index));
      held.delete(index);
      const { cells } = await session.run({ maps: float32(raw, [1, encoder.channels, rows, columns]) });
      data.set(floats(cells), index * each);
      await breathe(options.signal);
      yield progress();
    }
  } finally {
    await session.dispose();
  }
  const maps = { count: images.length, rows, columns, channels: projection.components, data };
  return { maps, projection, lattice: { rows, columns, stride: encoder.stride, offset: encoder.offset, side } };
}

/** An image stretched to a square: `[3, side, side]`, 0..1. */
function squareOf({ raster }: WorkImage, side: number): Float32Array {
  const toSource = scale(raster.width / side, raster.height / side);
  const halvable = Math.max(raster.width, raster.height) > 2 * side;
  return samplePyramid(halvable ? buildPyramid(raster) : [raster], toSource, side, side, { padding: 'border' }).data;
}

/** Random cells of one map `[channels, plane]` at unit length, `[wanted, channels]`. */
function sampleCells(data: Float32Array, channels: number, wanted: number, random: Random): Float32Array {
  const plane = data.length / channels;
  const count = Math.min(plane, wanted);
  const cells = new Float32Array(count * channels);
  for (let i = 0; i < count; i++) {
    const at = count === plane ? i : random.integer(plane);
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += data[c * plane + at] ** 2;
    const unit = 1 / Math.sqrt(squares + 1e-12);
    for (let c = 0; c < channels; c++) cells[i * channels + c] = data[c * plane + at] * unit;
  }
  return cells;
}

/** Principal components of cells, the signs chosen so that each has its largest entry positive. Yields between steps. */
async function* fitCells(
  parts: readonly Float32Array[],
  channels: number,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<void, CellProjection> {
  const cells = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    cells.set(part, at);
    at += part.length;
  }
  const count = cells.length / channels;
  const mean = new Float64Array(channels);
  cells.forEach((value, i) => (mean[i % channels] += value / count));
  const centred = cells.map((value, i) => value - mean[i % channels]);
  await breathe(options.signal);
  yield;
  const products = await gram(centred, channels, options);
  await breathe(options.signal);
  yield;
  const covariance = new Matrix(channels, channels);
  for (let a = 0; a < channels; a++)
    for (let b = 0; b <= a; b++) {
      covariance.set(a, b, products[a * channels + b] / count);
      covariance.set(b, a, products[a * channels + b] / count);
    }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const kept = Array.from(realEigenvalues.keys())
    .sort((a, b) => realEigenvalues[b] - realEigenvalues[a])
    .slice(0, Math.min(components, channels));
  const weights = new Float32Array(kept.length * channels);
  const bias = new Float32Array(kept.length);
  kept.forEach((column, k) => {
    const vector = eigenvectorMatrix.getColumn(column);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-12 ? value : best), 0);
    vector.forEach((value, c) => {
      weights[k * channels + c] = largest < 0 ? -value : value;
      bias[k] -= weights[k * channels + c] * mean[c];
    });
  });
  return { weights, bias, components: kept.length, channels };
}

/** X^T X of `[n, channels]`. */
async function gram(cells: Float32Array, channels: number, options: SessionOptions): Promise<Float32Array> {
  const shape = [cells.length / channels, channels];
  const g = new GraphBuilder();
  const x = g.input('x', shape);
  g.output('products', matMul(g, transpose(g, x, [1, 0]), x));
  const session = await openSession(g.build(), options);
  try {
    return floats((await session.run({ x: float32(cells, shape) })).products);
  } finally {
    await session.dispose();
  }
}

/** Adds what brings an encoder's maps `[N, channels, h, w]` to descriptions of cells `[N, components, h, w]`. */
export function cellNodes(g: Builder, maps: Value, projection: CellProjection): Value {
  const { weights, bias, components: outputs, channels } = projection;
  const kernels = g.constant(weights, [outputs, channels, 1, 1]);
  return conv(g, normalise(g, maps, 1, 1e-12), kernels, g.constant(bias, [outputs]), {});
}

/** The same with the components of each cell side by side: `[N, h, w, components]`. */
function projectionModel(projection: CellProjection): Graph {
  const dynamic = { 0: 'n', 2: 'h', 3: 'w' };
  const g = new GraphBuilder();
  const maps = g.input('maps', [1, projection.channels, 28, 28], 'float32', dynamic);
  g.output('cells', transpose(g, cellNodes(g, maps, projection), [0, 2, 3, 1]), { 0: 'n', 1: 'h', 2: 'w' });
  return g.build();
}
