import { CongealError } from '../../contract/errors.ts';
import type { NetworkDescription } from '../../contract/network.ts';
import { createRandom, type Random } from '../../geometry/random.ts';
import type { Tensor } from '../../graph/tensor.ts';
import { type CompiledNetwork, compileNetwork } from '../../stn/network/compile-network.ts';
import type { TransformerDefaults } from '../../stn/network/transformer-layer.ts';
import type { LearnContext, LearnEvent } from '../event.ts';
import type { TrainingState } from '../training-loop.ts';
import {
  type ClassifierState,
  type EpochRecord,
  fromClassifierCheckpoint,
  isBetter,
  toClassifierCheckpoint,
} from './epochs.ts';
import type { ExampleSource, FixedExamples } from './examples.ts';
import { type Inspector, openInspector, type Verdict } from './inspect.ts';
import type { ClassifyRecipe } from './recipe.ts';
import { thetaSpreads } from './theta-spread.ts';
import { stepsPerEpoch, trainClassifier, untrained } from './train-classifier.ts';

/** What a classifier is taught, chosen and tested with. */
export interface ClassifySets {
  readonly training: ExampleSource;
  /** Chooses the epoch that is kept; without it the last one is. */
  readonly validation: FixedExamples | null;
  readonly test: FixedExamples;
}

/** What is trained, and how. */
export interface ClassifyOptions {
  readonly network: NetworkDescription;
  readonly defaults: TransformerDefaults;
  readonly recipe: ClassifyRecipe;
}

/** A trained classifier. */
export interface Classified {
  readonly network: CompiledNetwork;
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose parameters are kept. */
  readonly keptEpoch: number;
  /** Whether training ended before its last epoch because validation did not get better. */
  readonly stoppedEarly: boolean;
  /** One per step. */
  readonly losses: readonly number[];
  readonly test: Verdict;
}

/**
 * Trains a classifier, with an epoch's state as a checkpoint, and tests it. The same seed gives the same numbers on the
 * processor, whether it was interrupted or not.
 *
 * **Throws** CongealError `usage` for a network that does not fit, `too-few-images`, `diverged`, and the signal's reason.
 */
export async function* classify(
  sets: ClassifySets,
  options: ClassifyOptions,
  context: LearnContext,
): AsyncGenerator<LearnEvent, Classified> {
  const { training, test } = sets;
  if (training.count === 0 || test.labels.length === 0)
    throw new CongealError(
      'too-few-images',
      `There are ${training.count} examples to learn from and ${test.labels.length} to test with, expected at least one of each. Add images, or hold back fewer.`,
    );
  const random = createRandom(context.seed);
  const network = compileNetwork(options.network, {
    input: training.shape,
    classes: training.classes.length,
    random: random.fork('weights'),
    defaults: options.defaults,
  });
  const session = { provider: context.provider, threads: context.threads, optimise: context.optimise };
  const inspector = await openInspector(network, session);
  try {
    const begin = context.resume && fromClassifierCheckpoint(context.resume);
    const end = yield* trainEpochs({ sets, options, network, inspector, random, context }, begin);
    const parameters = onlyParameters(network, end.best?.parameters ?? end.training.tensors);
    yield { kind: 'progress', phase: 'test', done: 0, total: 1 };
    const verdict = await inspector.judge(test, parameters, context.signal);
    yield { kind: 'progress', phase: 'test', done: 1, total: 1 };
    const lastEpoch = end.epochs.at(-1)?.epoch ?? 0;
    return {
      network,
      parameters,
      epochs: end.epochs,
      keptEpoch: end.best?.epoch ?? lastEpoch,
      stoppedEarly: lastEpoch < options.recipe.epochs,
      losses: end.training.losses,
      test: verdict,
    };
  } finally {
    await inspector.dispose();
  }
}

interface Lesson {
  readonly sets: ClassifySets;
  readonly options: ClassifyOptions;
  readonly network: CompiledNetwork;
  readonly inspector: Inspector;
  readonly random: Random;
  readonly context: LearnContext;
}

async function* trainEpochs(
  lesson: Lesson,
  begin: ClassifierState | undefined,
): AsyncGenerator<LearnEvent, ClassifierState> {
  const { sets, options, network, random, context } = lesson;
  const { recipe } = options;
  const perEpoch = stepsPerEpoch(sets.training.count, Math.min(recipe.batch, sets.training.count));
  const total = recipe.epochs * perEpoch;
  let state = begin ?? (await afterEpoch(lesson, { training: untrained(network), epochs: [], best: undefined }, 0));
  if (begin === undefined) yield { kind: 'checkpoint', state: toClassifierCheckpoint(state) };
  if (isOver(state, recipe)) return state;
  const examples = random.fork('examples');
  let last = state.training.step;
  const steps = trainClassifier(network, sets.training, recipe, state.training, examples, context);
  for await (const { step, loss, saved, note } of steps) {
    if (note !== undefined) yield { kind: 'note', message: note };
    if (step <= last)
      yield {
        kind: 'note',
        message: `The loss ran away after step ${last}; training went back to step ${step - 1} at half the learning rate.`,
      };
    last = step;
    yield { kind: 'progress', phase: 'train', done: step, total, loss };
    if (saved === undefined) continue;
    state = await afterEpoch(lesson, { ...state, training: saved }, Math.round(step / perEpoch));
    yield { kind: 'checkpoint', state: toClassifierCheckpoint(state) };
    if (isOver(state, recipe)) break;
  }
  return state;
}

/** The state with what is known of the network now, and whether it is the best one so far. */
async function afterEpoch(
  { sets, network, inspector, context }: Lesson,
  { training, epochs, best }: ClassifierState,
  epoch: number,
): Promise<ClassifierState> {
  const { tensors, losses } = training;
  const judged = sets.validation && (await inspector.judge(sets.validation, tensors, context.signal));
  const record: EpochRecord = {
    epoch,
    loss: epoch === 0 ? null : meanOfLast(losses, training, epoch),
    validation: judged && { error: judged.wrong / judged.answers.length, loss: judged.loss },
    theta: await thetaSpreads(network, inspector, sets.validation ?? sets.test, tensors),
  };
  const earlier = epochs.filter((one) => one.epoch < epoch);
  const champion = earlier.find((one) => one.epoch === best?.epoch);
  const isBest = record.validation !== null && (champion === undefined || isBetter(record, champion));
  return {
    training,
    epochs: [...earlier, record],
    best: isBest ? { epoch, parameters: onlyParameters(network, tensors) } : best,
  };
}

function meanOfLast(losses: readonly number[], { step }: TrainingState, epoch: number): number {
  const some = losses.slice(-Math.max(1, Math.round(step / epoch)));
  return some.reduce((sum, loss) => sum + loss, 0) / some.length;
}

function isOver({ epochs, best }: ClassifierState, { epochs: most, patience }: ClassifyRecipe): boolean {
  const last = epochs.at(-1)?.epoch ?? 0;
  return last >= most || (patience > 0 && best !== undefined && last - best.epoch >= patience);
}

function onlyParameters(
  { initial }: CompiledNetwork,
  tensors: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.keys(initial).map((name) => [name, tensors[name]]));
}
