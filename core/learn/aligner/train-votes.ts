import type { Random } from '../../geometry/random.ts';
import { adam, adamState } from '../../graph/optimisers.ts';
import type { Lesson } from '../../graph/step-in-halves.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import { progress, type Work } from '../congeal/work.ts';
import type { LearnContext, LearnEvent } from '../event.ts';
import { runTraining, type Training, type TrainingState } from '../training-loop.ts';
import { translate } from '../translate.ts';
import { featureUnit, type TrainingViews } from './training-views.ts';
import { targetLength, voteLoss } from './vote-loss.ts';
import { createVoteNet, dropoutRate, voteNodes, type VoteNetShape } from './vote-net.ts';
import { voteCheckpoint } from './vote-state.ts';

/** How long and how fast the dense-vote network is trained. */
export interface VoteSchedule {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
}

/** Steps between two words of progress. */
const tellEvery = 5;

/** Share of the steps over which the rate rises to its full height. */
const warmUp = 0.03;

/** A state before the first step. */
export function startVotes(shape: VoteNetShape, random: Random): TrainingState {
  return { step: 0, rate: 1, losses: [], tensors: adamState(createVoteNet(shape, random.fork('vote net'))) };
}

/** The network's parameters in a state, without the optimiser's moments. */
export function votingParameters({ tensors }: TrainingState): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.endsWith('.m') && !name.endsWith('.v')));
}

/** Trains the dense-vote network on a pool of views from a state to the end of the schedule. */
export async function* trainVotes(
  views: TrainingViews,
  shape: VoteNetShape,
  start: TrainingState,
  schedule: VoteSchedule,
  random: Random,
  fingerprint: string,
  { threads, provider, signal, optimise = true }: LearnContext,
): Work<TrainingState> {
  const training = voteTraining(views, shape, votingParameters(start), schedule, random);
  const running = runTraining(training, start, { signal, optimise, threads, provider });
  return yield* translate(running, function* ({ step, loss, saved, note }): Iterable<LearnEvent> {
    if (note !== undefined) yield { kind: 'note', message: note };
    if (step % tellEvery === 0 || saved !== undefined) yield progress('train', step, schedule.steps, loss);
    if (saved !== undefined) yield voteCheckpoint(saved, fingerprint);
  });
}

/**
 * The training of the dense-vote network on a pool of views: the rate follows a cosine, and every step's batch and mask
 * follow from the seed and the step's number.
 */
function voteTraining(
  views: TrainingViews,
  shape: VoteNetShape,
  parameters: Readonly<Record<string, Tensor>>,
  schedule: VoteSchedule,
  random: Random,
): Training {
  const { steps, batch, learningRate } = schedule;
  return {
    model: voteLesson(shape, batch, parameters),
    steps,
    saveEvery: 100,
    rateAt: (step) => {
      const cosine = 0.5 + 0.5 * Math.cos((Math.PI * step) / steps);
      return learningRate * Math.min(1, (step + 1) / (warmUp * steps)) * Math.max(0.01, cosine);
    },
    feedsAt: (step) => drawBatch(views, shape, batch, random.fork(`batch ${step}`)),
  };
}

/** One training step: features, targets and dropout mask in; the network's parameters learn. */
function voteLesson(shape: VoteNetShape, batch: number, parameters: Readonly<Record<string, Tensor>>): Lesson {
  return {
    batch,
    parameters,
    loss: (g, learned, count) => {
      const features = g.input('features', [count, shape.channels, shape.cells, shape.cells]);
      const targets = g.input('targets', [count, targetLength, 1]);
      const mask = g.input('mask', [count, shape.hidden, 1, 1]);
      return voteLoss(g, voteNodes(g, features, learned, shape, mask), targets);
    },
    update: adam,
  };
}

function drawBatch(views: TrainingViews, shape: VoteNetShape, batch: number, random: Random): Record<string, Tensor> {
  const features = new Float32Array(batch * views.length);
  const targets = new Float32Array(batch * targetLength);
  for (let n = 0; n < batch; n++) {
    const pick = random.integer(views.count);
    const from = pick * views.length;
    for (let i = 0, at = n * views.length; i < views.length; i++, at++)
      features[at] = views.features[from + i] * featureUnit;
    targets.set(views.targets.subarray(pick * targetLength, (pick + 1) * targetLength), n * targetLength);
  }
  const mask = Float32Array.from({ length: batch * shape.hidden }, () => (random.uniform() < dropoutRate ? 0 : 1));
  return {
    features: float32(features, [batch, shape.channels, shape.cells, shape.cells]),
    targets: float32(targets, [batch, targetLength, 1]),
    mask: float32(mask, [batch, shape.hidden, 1, 1]),
  };
}
