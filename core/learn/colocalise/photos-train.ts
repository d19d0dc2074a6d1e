import type { Box } from '../../geometry/boxes.ts';
import type { Random } from '../../geometry/random.ts';
import { backward } from '../../graph/backward.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { encode } from '../../graph/encode.ts';
import { adam } from '../../graph/optimisers.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { parameterInputs } from '../../stn/layers.ts';
import { runTraining, type TrainingState, type TrainingStep } from '../training-loop.ts';
import type { CellMaps } from './discriminative-classes.ts';
import type { Lattice } from './discriminative-regions.ts';
import type { CellProjection } from './photos-describe.ts';
import { boxLoss, type BoxNet, type CoarseLattice } from './photos-net.ts';
import { drawBatch } from './train-localiser.ts';

/** What the box network sees: means over blocks of cells, each channel of unit variance. */
export interface CoarseMaps {
  readonly lattice: CoarseLattice;
  readonly channels: number;
  /** Cells per side of a block. */
  readonly block: number;
  /** `[count, channels, rows, columns]`. */
  readonly data: Float32Array;
  /** From an encoder's cells at unit length to these channels. */
  readonly projection: CellProjection;
}

/** Blocks per side, about. */
const wantedBlocks = 14;

/** Makes coarse maps; their last channel is the measure that tells object from surroundings. */
export function coarseMaps(
  maps: CellMaps,
  lattice: Lattice,
  projection: CellProjection,
  direction: { readonly weights: Float64Array; readonly middle: number },
): CoarseMaps {
  const widened = withMeasure(projection, direction);
  const channels = maps.channels + 1;
  const block = Math.max(1, Math.round(Math.min(maps.rows, maps.columns) / wantedBlocks));
  const [rows, columns] = [Math.floor(maps.rows / block), Math.floor(maps.columns / block)];
  const plane = rows * columns;
  const data = new Float32Array(maps.count * channels * plane);
  for (let n = 0; n < maps.count; n++)
    for (let y = 0; y < rows * block; y++)
      for (let x = 0; x < columns * block; x++) {
        const from = ((n * maps.rows + y) * maps.columns + x) * maps.channels;
        const to = n * channels * plane + Math.floor(y / block) * columns + Math.floor(x / block);
        let measured = -direction.middle;
        for (let c = 0; c < maps.channels; c++) {
          const value = maps.data[from + c];
          measured += direction.weights[c] * value;
          data[to + c * plane] += value / block ** 2;
        }
        data[to + maps.channels * plane] += measured / block ** 2;
      }
  const scales = unitVariance(data, channels, plane);
  const unit = 2 / lattice.side;
  return {
    lattice: {
      rows,
      columns,
      first: (lattice.offset + ((block - 1) / 2) * lattice.stride) * unit - 1,
      step: block * lattice.stride * unit,
    },
    channels,
    block,
    data,
    projection: {
      ...widened,
      weights: widened.weights.map((value, i) => value * scales[Math.floor(i / widened.channels)]),
      bias: widened.bias.map((value, k) => value * scales[k]),
    },
  };
}

/** The projection with the measure as one more component. */
function withMeasure(
  { weights, bias, components, channels }: CellProjection,
  direction: { readonly weights: Float64Array; readonly middle: number },
): CellProjection {
  const more = new Float32Array((components + 1) * channels);
  more.set(weights);
  let shift = -direction.middle;
  for (let k = 0; k < components; k++) {
    shift += direction.weights[k] * bias[k];
    for (let c = 0; c < channels; c++)
      more[components * channels + c] += direction.weights[k] * weights[k * channels + c];
  }
  return { weights: more, bias: Float32Array.of(...bias, shift), components: components + 1, channels };
}

/** Scales every channel of `[count, channels, plane]` to a mean square of 1 and returns the factors. */
function unitVariance(data: Float32Array, channels: number, plane: number): Float64Array {
  const squares = new Float64Array(channels);
  data.forEach((value, i) => (squares[Math.floor(i / plane) % channels] += value * value));
  const each = data.length / channels;
  const scales = squares.map((sum) => 1 / Math.sqrt(Math.max(1e-12, sum / each)));
  for (let i = 0; i < data.length; i++) data[i] *= scales[Math.floor(i / plane) % channels];
  return scales;
}

const steps = 160;
const batch = 32;
const learningRate = 4e-3;
const saveEvery = 40;
/** Blocks by which images are shifted at most while the network learns. */
const largestShift = 2;

/** Number of steps that training takes. */
export const boxSteps = steps;

/** Teaches a box network to say what the search found: `boxes` in fractions of the image. */
export async function* trainBoxNet(
  net: BoxNet,
  maps: CoarseMaps,
  boxes: readonly Box[],
  start: TrainingState,
  random: Random,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const { rows, columns, step: unit } = maps.lattice;
  const size = Math.min(batch, boxes.length);
  const g = new GraphBuilder();
  const seen = g.input('maps', [size, maps.channels, rows, columns]);
  const parameters = parameterInputs(g, net.initial);
  const loss = boxLoss(g, net.apply(g, seen, parameters), g.input('truth', [size, 4, 1]));
  const gradients = backward(g, loss, Object.values(parameters));
  adam(g, parameters, gradients, { learningRate: g.input('rate', []), step: g.input('step', []) });
  g.output('loss', loss);
  const feedsAt = (step: number): Record<string, Tensor> => {
    const fed = new Float32Array(size * maps.channels * rows * columns);
    const truth = new Float32Array(size * 4);
    const shifts = random.fork(`shifts ${step}`);
    drawBatch(boxes.length, size, step, random).forEach((member, b) => {
      const right = shifts.integer(2 * largestShift + 1) - largestShift;
      const down = shifts.integer(2 * largestShift + 1) - largestShift;
      shiftInto(fed, b, maps, member, right, down);
      const { xmin, ymin, xmax, ymax } = boxes[member];
      const [x, y] = [right * unit, down * unit];
      truth.set([2 * xmin - 1 + x, 2 * ymin - 1 + y, 2 * xmax - 1 + x, 2 * ymax - 1 + y], b * 4);
    });
    return { maps: float32(fed, [size, maps.channels, rows, columns]), truth: float32(truth, [size, 4, 1]) };
  };
  const rateAt = (step: number): number => learningRate * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps)) + 1e-5;
  return yield* runTraining(
    { model: encode(g.build()), steps, rateAt, feedsAt, saveEvery, divergence: 6 },
    start,
    options,
  );
}

/** Writes one image's maps, moved by whole blocks, zeros where nothing is known. */
function shiftInto(
  into: Float32Array,
  at: number,
  { lattice: { rows, columns }, channels, data }: CoarseMaps,
  member: number,
  right: number,
  down: number,
): void {
  const plane = rows * columns;
  for (let c = 0; c < channels; c++)
    for (let y = Math.max(0, down); y < Math.min(rows, rows + down); y++)
      for (let x = Math.max(0, right); x < Math.min(columns, columns + right); x++)
        into[(at * channels + c) * plane + y * columns + x] =
          data[(member * channels + c) * plane + (y - down) * columns + x - right];
}
