import type { Random } from '../../geometry/random.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { add, mul, sub } from '../../graph/ops/arithmetic.ts';
import { relu } from '../../graph/ops/elementwise.ts';
import { normalise } from '../../graph/ops/loss.ts';
import { concat, flatten, reshape, slice } from '../../graph/ops/movement.ts';
import { reduceMean, reduceSum } from '../../graph/ops/reduce.ts';
import { gridSample } from '../../graph/ops/sample.ts';
import type { Builder } from '../../graph/rule.ts';
import { float32, scalar, type Tensor } from '../../graph/tensor.ts';
import type { Value } from '../../graph/value.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { parameterInputs } from '../../stn/layers.ts';
import type { TrainingState, TrainingStep } from '../training-loop.ts';
import { gainLossNodes, meanWindowEnergy } from './gain.ts';
import { canvasShape, type Localiser, trainingLattice } from './localiser.ts';
import { type LocaliserSchedule, runSchedule } from './schedule.ts';
import { drawBatch } from './train-localiser.ts';
import { levelSides, type WorkMaps, workSide } from './work-maps.ts';

/** What crops sampled at the network's places are trained for. */
export type CropObjective = 'gain' | 'triplet';

/** By how much, in the triplet loss, two found crops must be nearer to each other than to a random one. */
const tripletMargin = 1;

/**
 * Trains a network through the differentiable sampler: one crop per image at the place that the network gives.
 *
 * `gain` maximises the squared length of the mean crop. `triplet` is the hinged loss
 * max(0, |e(T_n) - e(T_m)|^2 - |e(T_n) - e(random crop of n)|^2 + 1) on features of unit length.
 * **Source** of the latter: Jaderberg et al. 2015, section 4.4 (there on features that are not normalised).
 */
export async function* trainSampled(
  localiser: Localiser,
  maps: WorkMaps,
  objective: CropObjective,
  schedule: LocaliserSchedule,
  start: TrainingState,
  random: Random,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const level = maps.levels[levelSides.indexOf(workSide)];
  const { channels, cells } = level;
  const batch = Math.min(schedule.batch, maps.count);
  const g = new GraphBuilder();
  const canvas = g.input('canvas', [batch, ...canvasShape]);
  const features = g.input('features', [batch, channels, cells, cells]);
  const parameters = parameterInputs(g, localiser.initial);
  const crops = cropNodes(g, features, localiser.place(g, canvas, parameters), cells);
  const loss =
    objective === 'gain'
      ? gainLossNodes(g, reduceMean(g, crops, { axes: [0], keepDims: true }), g.input('energy', []))
      : tripletNodes(g, crops, cropNodes(g, features, g.input('elsewhere', [batch, 2]), cells));

  const energy = scalar(meanWindowEnergy({ ...level, count: maps.count }, trainingLattice));
  const sizes = { canvas: workSide ** 2, features: channels * cells * cells };
  const feedsAt = (step: number): Record<string, Tensor> => {
    const members = random.fork(`order ${step}`).shuffle(drawBatch(maps.count, batch, step, random));
    const seen = new Float32Array(batch * sizes.canvas);
    const described = new Float32Array(batch * sizes.features);
    members.forEach((member, b) => {
      seen.set(maps.grey.subarray(member * sizes.canvas, (member + 1) * sizes.canvas), b * sizes.canvas);
      described.set(level.data.subarray(member * sizes.features, (member + 1) * sizes.features), b * sizes.features);
    });
    const draws = random.fork(`elsewhere ${step}`);
    const reach = trainingLattice.window;
    const elsewhere = Float32Array.from({ length: 2 * batch }, () => draws.uniform(reach, workSide - reach));
    return {
      canvas: float32(seen, [batch, ...canvasShape]),
      features: float32(described, [batch, channels, cells, cells]),
      ...(objective === 'gain' ? { energy } : { elsewhere: float32(elsewhere, [batch, 2]) }),
    };
  };
  const lesson = { graph: g, loss, parameters, feedsAt };
  return yield* runSchedule(lesson, schedule, start, options);
}

/** Crops of the training window around places `[B, 2]` (work pixels) from maps: `[B, channels, window, window]`. */
function cropNodes(g: Builder, features: Value, place: Value, cells: number): Value {
  const { window } = trainingLattice;
  const offsets = new Float32Array(window * window * 2);
  for (let i = 0; i < window * window; i++) {
    offsets[2 * i] = (2 * ((i % window) + 0.5 - window / 2)) / cells;
    offsets[2 * i + 1] = (2 * (Math.floor(i / window) + 0.5 - window / 2)) / cells;
  }
  const units = sub(g, mul(g, place, 2 / workSide), 1);
  const [batch] = place.shape;
  const grid = add(g, reshape(g, units, [batch, 1, 1, 2]), g.constant(offsets, [1, window, window, 2]));
  return gridSample(g, features, grid);
}

function tripletNodes(g: Builder, crops: Value, elsewhere: Value): Value {
  const [found, other] = [crops, elsewhere].map((of) => normalise(g, flatten(g, of), 1));
  const [batch] = crops.shape;
  const partner = concat(
    g,
    [slice(g, found, { starts: [1], ends: [batch] }), slice(g, found, { starts: [0], ends: [1] })],
    0,
  );
  const near = reduceSum(g, squaredDifference(g, found, partner), { axes: [1] });
  const far = reduceSum(g, squaredDifference(g, found, other), { axes: [1] });
  return reduceMean(g, relu(g, add(g, sub(g, near, far), tripletMargin)));
}

function squaredDifference(g: Builder, a: Value, b: Value): Value {
  const difference = sub(g, a, b);
  return mul(g, difference, difference);
}
