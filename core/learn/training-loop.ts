import { CongealError } from '../contract/errors.ts';
import { hasHalves, type Lesson } from '../graph/step-in-halves.ts';
import { scalar, type Tensor, wrap } from '../graph/tensor.ts';
import type { Graph } from '../graph/value.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { openStepper } from '../runtime/open-stepper.ts';
import type { Stepper } from '../runtime/stepper.ts';
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
  /** A lesson, or a training graph: inputs are the state, the feeds, and the scalars `rate` and `step`; one output is `loss`. */
  readonly model: Uint8Array | Graph | Lesson;
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

/** One step done; `saved` is the state after it where it is one worth keeping. */
export interface TrainingStep {
  readonly step: number;
  readonly loss: number;
  readonly saved: TrainingState | undefined;
  /** What a person should know: the device failed, and how training goes on. */
  readonly note?: string;
}

/** Where training computes, and what can end it. */
export interface TrainingOptions extends SessionOptions {
  readonly signal?: AbortSignal | undefined;
  /** Opens the stepper; another one where a test wants a device that fails. */
  readonly open?: typeof openStepper;
}

/** How often a run may return to its last good state before it gives up. */
const patience = 8;
/** Steps that a device takes before anything is read back from it. */
const stepsPerRead = 8;
const mostHalvings = 2;

/**
 * Trains from a state to the last step, yielding every step and returning the final state.
 *
 * When a loss is not finite, or far above the best one, the last kept state comes back and the rate is halved. When a
 * device fails, the last kept state goes on there with half the batch, and in the end on the processor.
 *
 * **Throws** CongealError `diverged` when halving the rate does not help, and the signal's reason when it is aborted.
 */
export async function* runTraining(
  training: Training,
  start: TrainingState,
  options: TrainingOptions,
): AsyncGenerator<TrainingStep, TrainingState> {
  const progress: Progress = { good: start, returns: 0 };
  let now: Attempt = { training, options, halvings: 0 };
  for (;;) {
    try {
      return yield* attempt(now, progress);
    } catch (error) {
      options.signal?.throwIfAborted();
      const next = isDeviceFailure(error, now) ? fallBack(now, training) : undefined;
      if (next === undefined) throw error;
      now = { ...next, note: `${next.note ?? ''} (${(error as Error).message})` };
    }
  }
}

/** The state to return to, and how often that was needed. */
interface Progress {
  good: TrainingState;
  returns: number;
}

/** A way to train: on a device or the processor, with the whole batch or a part. */
interface Attempt {
  readonly training: Training;
  readonly options: TrainingOptions;
  readonly halvings: number;
  readonly note?: string;
}

function isDeviceFailure(error: unknown, { options }: Attempt): boolean {
  const ours = error instanceof CongealError && ['diverged', 'checkpoint-mismatch'].includes(error.code);
  return error instanceof Error && !ours && (options.provider ?? 'cpu') !== 'cpu';
}

function fallBack({ training, options, halvings }: Attempt, whole: Training): Attempt {
  const device = options.provider ?? 'cpu';
  const halved = halvings < mostHalvings ? withHalfBatch(training) : undefined;
  if (halved !== undefined)
    return {
      training: halved,
      options,
      halvings: halvings + 1,
      note: `${device} failed; going on with 1/${2 ** (halvings + 1)} of the batch`,
    };
  const note = `${device} failed; going on with the processor`;
  return { training: whole, options: { ...options, provider: 'cpu' }, halvings, note };
}

/** The same training on the first half of every batch, for a device with too little memory; none where halves would not do. */
function withHalfBatch(training: Training): Training | undefined {
  const { model, feedsAt } = training;
  if (!('loss' in model) || !hasHalves(model)) return undefined;
  const batch = model.batch / 2;
  const cut = (of: Tensor): Tensor => {
    const { dtype, shape, data } = of;
    return shape[0] === model.batch ? wrap(dtype, [batch, ...shape.slice(1)], data.subarray(0, data.length / 2)) : of;
  };
  return {
    ...training,
    model: { ...model, batch },
    feedsAt: (step) => Object.fromEntries(Object.entries(feedsAt(step)).map(([name, of]) => [name, cut(of)])),
  };
}

async function* attempt(
  { training, options, note }: Attempt,
  progress: Progress,
): AsyncGenerator<TrainingStep, TrainingState> {
  const { model, steps, saveEvery, divergence = Infinity } = training;
  const stepper = await (options.open ?? openStepper)(model, progress.good.tensors, options);
  const atOnce = (options.provider ?? 'cpu') === 'cpu' ? 1 : stepsPerRead;
  let { step, rate } = progress.good;
  let losses = [...progress.good.losses];
  let told = note;
  try {
    while (step < steps) {
      const count = Math.min(atOnce, steps - step, saveEvery - (step % saveEvery));
      for (const loss of await takeSteps(stepper, training, { step, count, rate })) {
        const best = losses.reduce((a, b) => Math.min(a, b), Infinity);
        if (!Number.isFinite(loss) || loss > best + divergence) {
          if (++progress.returns > patience) throw diverged(step, loss);
          stepper.restore(progress.good.tensors);
          progress.good = { ...progress.good, rate: progress.good.rate / 2 };
          losses = [...progress.good.losses];
          ({ step, rate } = progress.good);
          break;
        }
        losses.push(loss);
        step += 1;
        const saved =
          step % saveEvery === 0 ? { step, rate, losses: [...losses], tensors: await stepper.state() } : undefined;
        progress.good = saved ?? progress.good;
        yield { step, loss, saved, ...(told !== undefined && { note: told }) };
        told = undefined;
      }
      await breathe(options.signal);
    }
    return { step, rate, losses: [...losses], tensors: await stepper.state() };
  } finally {
    await stepper.dispose();
  }
}

/** Takes some steps and returns the loss of each. */
async function takeSteps(
  stepper: Stepper,
  { rateAt, feedsAt }: Training,
  { step, count, rate }: { readonly step: number; readonly count: number; readonly rate: number },
): Promise<readonly number[]> {
  const feeds = Array.from({ length: count }, (_, n) => ({
    ...feedsAt(step + n),
    rate: scalar(rateAt(step + n) * rate),
    step: scalar(step + n + 1),
  }));
  return (await stepper.run(feeds)).map(({ loss }) => Number(loss.data[0]));
}

function diverged(step: number, loss: number): CongealError {
  return new CongealError(
    'diverged',
    `Training came to a loss of ${loss} at step ${step + 1}, again after ${patience} returns to its last good state at ever lower rates. Try another seed or other features.`,
  );
}
