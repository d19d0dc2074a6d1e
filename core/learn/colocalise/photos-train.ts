import type { Box } from '../../geometry/boxes.ts';
import type { Random } from '../../geometry/random.ts';
import { adam } from '../../graph/optimisers.ts';
import type { Lesson } from '../../graph/step-in-halves.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { runTraining, type TrainingState, type TrainingStep } from '../training-loop.ts';
import { boxLoss, type BoxNet } from './photos-net.ts';
import { type SeenMaps, sightChannels } from './photos-sight.ts';
import { drawBatch } from './train-localiser.ts';

const steps = 100;
const batch = 32;
const learningRate = 4e-3;
const saveEvery = 40;
/** Number of steps that training takes. */
export const boxSteps = steps;

/** Teaches a box network to say what the search found: `boxes` in fractions of the image. */
export async function* trainBoxNet(
  net: BoxNet,
  maps: SeenMaps,
  boxes: readonly Box[],
  start: TrainingState,
  random: Random,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const { rows, columns } = maps.lattice;
  const size = Math.min(batch, boxes.length);
  const model: Lesson = {
    batch: size,
    parameters: net.initial,
    loss: (g, parameters, count) => {
      const seen = g.input('maps', [count, sightChannels, rows, columns]);
      return boxLoss(g, net.apply(g, seen, parameters), g.input('truth', [count, 4, 1]));
    },
    update: adam,
  };
  const each = sightChannels * rows * columns;
  const feedsAt = (step: number): Record<string, Tensor> => {
    const fed = new Float32Array(size * each);
    const truth = new Float32Array(size * 4);
    drawBatch(boxes.length, size, step, random).forEach((member, b) => {
      fed.set(maps.data.subarray(member * each, (member + 1) * each), b * each);
      const { xmin, ymin, xmax, ymax } = boxes[member];
      truth.set([2 * xmin - 1, 2 * ymin - 1, 2 * xmax - 1, 2 * ymax - 1], b * 4);
    });
    return { maps: float32(fed, [size, sightChannels, rows, columns]), truth: float32(truth, [size, 4, 1]) };
  };
  const rateAt = (step: number): number => learningRate * (0.5 + 0.5 * Math.cos((Math.PI * step) / steps)) + 1e-5;
  return yield* runTraining({ model, steps, rateAt, feedsAt, saveEvery, divergence: 6 }, start, options);
}
