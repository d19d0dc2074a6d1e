import type { Random } from '../../geometry/random.ts';
import { cosineSchedule, type Schedule, stepSchedule, warmUp } from '../../graph/schedules.ts';
import { adamState } from '../../graph/optimisers.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import type { CompiledNetwork } from '../../stn/network/compile-network.ts';
import { runTraining, type TrainingOptions, type TrainingState, type TrainingStep } from '../training-loop.ts';
import { type ExampleSource, valuesOf } from './examples.ts';
import { trainingLesson } from './graphs.ts';
import type { ClassifyRecipe } from './recipe.ts';

/** The state of a network that has learned nothing yet. */
export function untrained(network: CompiledNetwork): TrainingState {
  return { step: 0, rate: 1, losses: [], tensors: adamState(network.initial) };
}

/** Steps in which every example is seen about once. */
export function stepsPerEpoch(count: number, batch: number): number {
  return Math.max(1, Math.floor(count / batch));
}

/**
 * Trains a classifier from a state on; states worth keeping come once an epoch. Every example is drawn anew in each epoch,
 * from its step's own stream, so that training goes on from any state exactly as if it had never stopped.
 *
 * **Throws** as `runTraining`.
 */
export function trainClassifier(
  network: CompiledNetwork,
  examples: ExampleSource,
  recipe: ClassifyRecipe,
  start: TrainingState,
  random: Random,
  options: TrainingOptions,
): AsyncGenerator<TrainingStep, TrainingState> {
  const batch = Math.min(recipe.batch, examples.count);
  const perEpoch = stepsPerEpoch(examples.count, batch);
  const steps = recipe.epochs * perEpoch;
  return runTraining(
    {
      model: trainingLesson(network, { batch, weightDecay: recipe.weightDecay }),
      steps,
      saveEvery: perEpoch,
      rateAt: scheduleOf(recipe, steps),
      feedsAt: (step) => drawBatch(examples, { ...recipe, batch }, step, random),
    },
    start,
    options,
  );
}

function scheduleOf({ rate, schedule, warmUp: rising }: ClassifyRecipe, steps: number): Schedule {
  const falling: Record<ClassifyRecipe['schedule'], () => Schedule> = {
    cosine: () => cosineSchedule({ rate, steps }),
    steps: () => stepSchedule({ rate, every: Math.max(1, Math.ceil(steps / 3)) }),
    constant: () => () => rate,
  };
  const plain = falling[schedule]();
  return rising === 0 ? plain : warmUp(plain, Math.max(1, Math.min(rising, Math.floor(steps / 4))));
}

/** What one step sees: whole passes over the examples, in an order that follows from the seed and the step alone. */
function drawBatch(
  examples: ExampleSource,
  recipe: ClassifyRecipe,
  step: number,
  random: Random,
): Record<string, Tensor> {
  const { batch, labelSmoothing } = recipe;
  const perEpoch = stepsPerEpoch(examples.count, batch);
  const strength = strengthAt(recipe, step / (recipe.epochs * perEpoch));
  const members = epochOrder(examples.count, Math.floor(step / perEpoch), random);
  const from = (step % perEpoch) * batch;
  const size = valuesOf(examples.shape);
  const images = new Float32Array(batch * size);
  const labels = new Float32Array(batch * examples.classes.length).fill(labelSmoothing / examples.classes.length);
  const draws = random.fork(`step ${step}`);
  for (let n = 0; n < batch; n++) {
    const label = examples.draw(members[from + n], draws, images, n * size, strength);
    labels[n * examples.classes.length + label] += 1 - labelSmoothing;
  }
  return {
    images: float32(images, [batch, ...examples.shape]),
    labels: float32(labels, [batch, examples.classes.length]),
  };
}

function strengthAt({ easing }: ClassifyRecipe, done: number): number {
  return done >= easing ? 1 : (done / easing) ** 2;
}

const orders = new WeakMap<Random, { readonly epoch: number; readonly order: readonly number[] }>();

/** The order of one pass; that of the pass at hand is kept. */
function epochOrder(count: number, epoch: number, random: Random): readonly number[] {
  const known = orders.get(random);
  if (known?.epoch === epoch && known.order.length === count) return known.order;
  const order = random.fork(`pass ${epoch}`).shuffle(Array.from({ length: count }, (_, i) => i));
  orders.set(random, { epoch, order });
  return order;
}
