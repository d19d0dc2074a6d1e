import type { Box } from '../../geometry/boxes.ts';
import type { Random } from '../../geometry/random.ts';
import { backward } from '../../graph/backward.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { add, mul, sub } from '../../graph/ops/arithmetic.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { concat, reshape, slice } from '../../graph/ops/movement.ts';
import { averagePool } from '../../graph/ops/pooling.ts';
import { reduceMean } from '../../graph/ops/reduce.ts';
import { adam, adamState } from '../../graph/optimisers.ts';
import type { Builder } from '../../graph/rule.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import { detach, type Value } from '../../graph/value.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { gridNodes } from '../../stn/grid-nodes.ts';
import { parameterInputs } from '../../stn/layers.ts';
import { sampleNodes } from '../../stn/sampler-nodes.ts';
import { runTraining, type TrainingState, type TrainingStep } from '../training-loop.ts';
import type { CellMaps } from './discriminative-classes.ts';
import type { Lattice } from './discriminative-regions.ts';
import { gainLossNodes } from './gain.ts';
import { agreedBox, boxLoss, type BoxNet } from './photos-net.ts';
import { type SeenMaps, sightChannels } from './photos-sight.ts';
import { drawBatch } from './train-localiser.ts';

/** What the objective looks at: descriptions of cells minus what the surroundings have in common. */
export interface RefinementMaps {
  readonly maps: CellMaps;
  readonly lattice: Lattice;
  /** Mean description of the surroundings, `[channels]`: the reference beside which a blank crop is nothing. */
  readonly surroundings: Float32Array;
}

const steps = 60;
const batch = 32;
const learningRate = 2e-3;
const saveEvery = 30;
/** Parts a side of the crops that are compared, and points a side of each part. */
const parts = 3;
const points = 3;
/** How strongly the boxes of the search hold the network while it is refined. */
const hold = 0.5;

/** Number of steps that refinement takes. */
export const refinementSteps = steps;

/** The state from which a learned network is refined: its parameters, nothing known of their moments. */
export function startRefinement(parameters: Readonly<Record<string, Tensor>>): TrainingState {
  return { step: 0, rate: 1, losses: [], tensors: adamState(parameters) };
}

/**
 * Refines a network that has learned the boxes of a search: with the sizes that it gives held, it moves its crops of the
 * encoder's maps to where they have the most in common, -log |mean crop|^2, through the bilinear sampler.
 */
export async function* refineBoxNet(
  net: BoxNet,
  seen: SeenMaps,
  target: RefinementMaps,
  boxes: readonly Box[],
  start: TrainingState,
  random: Random,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const { rows, columns } = seen.lattice;
  const { maps, surroundings } = target;
  const size = Math.min(batch, boxes.length);
  const g = new GraphBuilder();
  const input = g.input('maps', [size, sightChannels, rows, columns]);
  const cells = g.input('cells', [size, maps.channels, maps.rows, maps.columns]);
  const parameters = parameterInputs(g, net.initial);
  const votes = net.apply(g, input, parameters);
  const { edges } = agreedBox(g, votes);
  const gain = cropGainNodes(g, edges, cells, target.lattice);
  const loss = add(g, gain, mul(g, boxLoss(g, votes, g.input('truth', [size, 4, 1])), hold));
  const gradients = backward(g, loss, Object.values(parameters));
  adam(g, parameters, gradients, { learningRate: g.input('rate', []), step: g.input('step', []) });
  g.output('loss', loss);
  const each = sightChannels * rows * columns;
  const plane = maps.rows * maps.columns;
  const feedsAt = (step: number): Record<string, Tensor> => {
    const fed = new Float32Array(size * each);
    const described = new Float32Array(size * maps.channels * plane);
    const truth = new Float32Array(size * 4);
    drawBatch(boxes.length, size, step, random).forEach((member, b) => {
      fed.set(seen.data.subarray(member * each, (member + 1) * each), b * each);
      for (let i = 0; i < plane; i++)
        for (let c = 0; c < maps.channels; c++)
          described[(b * maps.channels + c) * plane + i] =
            maps.data[(member * plane + i) * maps.channels + c] - surroundings[c];
      const { xmin, ymin, xmax, ymax } = boxes[member];
      truth.set([2 * xmin - 1, 2 * ymin - 1, 2 * xmax - 1, 2 * ymax - 1], b * 4);
    });
    return {
      maps: float32(fed, [size, sightChannels, rows, columns]),
      cells: float32(described, [size, maps.channels, maps.rows, maps.columns]),
      truth: float32(truth, [size, 4, 1]),
    };
  };
  const rateAt = (step: number): number => learningRate * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps)) + 1e-6;
  return yield* runTraining(
    { model: g.build(), steps: steps, rateAt, feedsAt, saveEvery, divergence: 6 },
    start,
    options,
  );
}

/**
 * Adds the loss -log(|mean crop|^2 / energy) of crops of `cells` `[N, C, rows, columns]` with edges `[N, 4]`: gradients move
 * their centres, their sizes are held.
 */
export function cropGainNodes(g: Builder, edges: Value, cells: Value, lattice: Lattice): Value {
  const low = slice(g, edges, { starts: [0], ends: [2], axes: [1] });
  const high = slice(g, edges, { starts: [2], ends: [4], axes: [1] });
  const half = detach(mul(g, sub(g, high, low), 0.5));
  const centre = mul(g, add(g, high, low), 0.5);
  /* From the square that the encoder saw to its cells, whose centres do not fill it evenly. */
  const { stride, offset, side: pixels, rows, columns } = lattice;
  const scale = [columns, rows].map((count) => pixels / (stride * count));
  const shift = [columns, rows].map((count) => (2 * ((pixels / 2 - offset) / stride + 0.5)) / count - 1);
  const inCells = (value: Value): Value => mul(g, value, g.constant(Float32Array.from(scale), [1, 2]));
  const place = add(g, inCells(centre), g.constant(Float32Array.from(shift), [1, 2]));
  const extent = inCells(half);
  const zero = mul(g, gather(g, extent, [0], 1), 0);
  const part = (value: Value, n: number): Value => gather(g, value, [n], 1);
  const theta = concat(g, [part(extent, 0), zero, part(place, 0), zero, part(extent, 1), part(place, 1)], 1);
  const side = parts * points;
  const sampling = { width: side, height: side, alignCorners: false, padding: 'border' } as const;
  const sampled = sampleNodes(g, cells, gridNodes(g, reshape(g, theta, [0, 2, 3]), sampling));
  const crops = averagePool(g, sampled, { kernel: [points, points], strides: [points, points] });
  const mean = reduceMean(g, crops, { axes: [0], keepDims: true });
  const energy = detach(mul(g, reduceMean(g, mul(g, cells, cells)), mean.shape[1] * parts * parts));
  return gainLossNodes(g, mean, energy);
}
