import { CongealError } from '../../contract/errors.ts';
import type { Random } from '../../geometry/random.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { LearnEvent } from '../event.ts';
import type { TrainingState, TrainingStep } from '../training-loop.ts';
import { translate } from '../translate.ts';
import { canvasShape, type Localiser, trainingLattice } from './localiser.ts';
import type { LocaliserSchedule } from './schedule.ts';
import { learnedParameters, startLocaliser, trainLocaliser } from './train-localiser.ts';
import { trainSampled } from './train-sampled.ts';
import { levelSides, type WorkMaps, workSide } from './work-maps.ts';

/** What the network is trained for; `triplet` begins with `gain` and goes on from there. */
export type LocaliserObjective = 'gain' | 'triplet';

const schedules = {
  attention: { steps: 60, batch: 50, learningRate: 3e-3, saveEvery: 20 },
  published: { steps: 160, batch: 50, learningRate: 3e-3, saveEvery: 40 },
  triplet: { steps: 60, batch: 50, learningRate: 1e-3, saveEvery: 20 },
} satisfies Record<string, LocaliserSchedule>;

type Stage = keyof typeof schedules;

/**
 * Trains a localisation network from nothing, or on from a checkpoint; yields progress and checkpoints.
 *
 * **Throws** CongealError `checkpoint-mismatch` when the checkpoint belongs to another recipe, and `diverged`.
 */
export async function* learnLocaliser(
  localiser: Localiser,
  maps: WorkMaps,
  objective: LocaliserObjective,
  random: Random,
  resume: Checkpoint | undefined,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<LearnEvent, TrainingState> {
  const first: Stage = localiser.attention ? 'attention' : 'published';
  const stages: readonly Stage[] = objective === 'triplet' ? [first, 'triplet'] : [first];
  let state = startLocaliser(localiser);
  let from = 0;
  if (resume) {
    from = stages.findIndex((stage) => resume.stage === `localise ${stage}`);
    state = readState(resume, from);
  }
  for (const stage of stages.slice(from)) {
    const schedule = schedules[stage];
    const steps = train(stage, localiser, maps, schedule, state, random.fork(stage), options);
    state = yield* translate(steps, function* ({ step, loss, saved, note }): Iterable<LearnEvent> {
      if (note !== undefined) yield { kind: 'note', message: note };
      const phase = stage === 'triplet' ? 'triplet' : 'learn';
      yield { kind: 'progress', phase, done: step, total: schedule.steps, loss };
      if (saved !== undefined) yield { kind: 'checkpoint', state: writeState(stage, saved) };
    });
    if (stage !== stages.at(-1)) {
      const { tensors } = startLocaliser({ initial: learnedParameters(localiser, state) });
      state = { step: 0, rate: 1, losses: [], tensors };
    }
  }
  return state;
}

function train(
  stage: Stage,
  localiser: Localiser,
  maps: WorkMaps,
  schedule: LocaliserSchedule,
  state: TrainingState,
  random: Random,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const { attention } = localiser;
  if (stage !== 'attention' || !attention)
    return trainSampled(localiser, maps, stage === 'triplet' ? 'triplet' : 'gain', schedule, state, random, options);
  const level = maps.levels[levelSides.indexOf(workSide)];
  const set = { maps: { ...level, count: maps.count }, input: maps.grey, inputShape: canvasShape };
  const net = { initial: localiser.initial, attention };
  return trainLocaliser(net, set, trainingLattice, schedule, state, random, options);
}

function writeState(stage: Stage, { step, rate, losses, tensors }: TrainingState): Checkpoint {
  return { stage: `localise ${stage}`, values: { step, rate, losses }, tensors };
}

function readState({ stage, values, tensors }: Checkpoint, index: number): TrainingState {
  const { step, rate, losses } = values;
  if (index < 0 || typeof step !== 'number' || typeof rate !== 'number' || !Array.isArray(losses)) {
    throw new CongealError(
      'checkpoint-mismatch',
      `The checkpoint is of the stage '${stage}', which this recipe does not have. Start the run again without --resume.`,
    );
  }
  return { step, rate, losses: losses.map(Number), tensors };
}
