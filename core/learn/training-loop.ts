import { CongealError } from '../contract/errors.ts';
import { scalar, type Tensor } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import { openSession, type SessionOptions } from '../runtime/session.ts';
import { createStepper } from '../runtime/stepper.ts';
import { breathe } from './breathe.ts';

/** Where training stands: the step that comes next, the factor on its rate, the losses so far, all learned tensors. */
export interface TrainingState {
  readonly step: number;
  readonly rate: number;
  readonly losses: readonly number[];
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** What to train and how. */
export interface Training {
  /** A training graph: inputs are the state, the feeds, and the scalars `rate` and `step`; one output is `loss`. */
  readonly model: Uint8Array | Graph;
  readonly steps: number;
  /** Learning rate of a step, counted from 0. */
  readonly rateAt: (step: number) => number;
  /** What a step sees; must follow from the step's number alone, so that training can go on from any state. */
  readonly feedsAt: (step: number) => Record<string, Tensor>;
  /** Steps between states worth keeping. */
  readonly saveEvery: number;
  /** A loss this far above the best so far counts as divergence. */
  readonly divergence?: number;
}

/** One step done; `state()` copies the tensors, `saved` marks the states worth keeping. */
export interface TrainingStep {
  readonly step: number;
  readonly loss: number;
  readonly saved: boolean;
  state(): TrainingState;
}

/** How often a run may return to its last good state before it gives up. */
const patience = 8;

/**
 * Trains from a state to the last step, yielding every step and returning the final state.
 *
 * When a loss is not finite, or far above the best one, the last kept state comes back and the rate is halved.
 *
 * **Throws** CongealError `diverged` when that does not help, and the signal's reason when it is aborted.
 */
export async function* runTraining(
  training: Training,
  start: TrainingState,
  options: SessionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<TrainingStep, TrainingState> {
  const { model, steps, rateAt, feedsAt, saveEvery, divergence = Infinity } = training;
  const session = await openSession(model, options);
  try {
    const stepper = createStepper(session, start.tensors);
    let losses = [...start.losses];
    let { step, rate } = start;
    let good = start;
    let returns = 0;
    const state = (): TrainingState => ({ step, rate, losses: [...losses], tensors: stepper.state() });
    while (step < steps) {
      const scalars = { rate: scalar(rateAt(step) * rate), step: scalar(step + 1) };
      const outputs = await stepper.step({ ...feedsAt(step), ...scalars });
      const loss = Number(outputs.loss.data[0]);
      const best = losses.reduce((a, b) => Math.min(a, b), Infinity);
      if (!Number.isFinite(loss) || loss > best + divergence) {
        if (++returns > patience) throw diverged(step, loss);
        stepper.restore(good.tensors);
        good = { ...good, rate: rate / 2 };
        losses = [...good.losses];
        ({ step, rate } = good);
        continue;
      }
      losses.push(loss);
      step += 1;
      const saved = step % saveEvery === 0;
      if (saved) good = state();
      yield { step, loss, saved, state };
      await breathe(options.signal);
    }
    return state();
  } finally {
    await session.dispose();
  }
}

function diverged(step: number, loss: number): CongealError {
  return new CongealError(
    'diverged',
    `Training came to a loss of ${loss} at step ${step + 1}, again after ${patience} returns to its last good state at ever lower rates. Try another seed or other features.`,
  );
}
