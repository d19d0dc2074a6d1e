import { createRandom } from '../geometry/random.ts';
import { trainingExamples } from '../learn/classify/augment.ts';
import { checkModels } from '../learn/classify/check-models.ts';
import { classify, type Classified, type ClassifySets } from '../learn/classify/classify.ts';
import { chosenExamples, fixExamples, type FixedExamples, plainExamples } from '../learn/classify/examples.ts';
import { exportModels } from '../learn/classify/export-models.ts';
import { openInspector } from '../learn/classify/inspect.ts';
import { type Split, splitByClass } from '../learn/classify/split.ts';
import { describeSight } from './classifier/describe-sight.ts';
import type { LearnRequest } from './classifier/learn-request.ts';
import { locateFrames } from './classifier/located-frames.ts';
import { type ReadExamples, readExamples } from './classifier/read-examples.ts';
import type { ClassifierSight } from './classifier/report-data.ts';
import { relay, resumeState } from './collection.ts';
import type { JobContext, JobMessage } from './job.ts';
import type { Learned } from './learned.ts';

/** What training a classifier leaves besides what every learning job does. */
export interface LearnedClassifier extends Learned {
  readonly sight: ClassifierSight;
}

/** Trains a classifier with spatial transformers inside, tests it, and looks at what it looks at. */
export async function* learnClassifier(
  request: LearnRequest,
  context: JobContext,
): AsyncGenerator<JobMessage, LearnedClassifier> {
  const read = yield* readExamples(request, context);
  const { seed, signal, threads, provider } = context;
  const { network, family, transformerRate, recipe, optimise } = request;
  const split = splitOf(read, request, seed);
  const sets = setsOf(read, split, request);
  const resume = resumeState(context.resume, read.fingerprint);
  const options = { network, recipe, defaults: { family, learningRate: transformerRate } };
  const learning = { seed, signal, threads, provider, resume, optimise };
  const classified = yield* relay(classify(sets, options, learning), read);
  const inspector = await openInspector(classified.network, { threads, optimise });
  try {
    yield { event: 'progress', phase: 'check the models', done: 0, total: 1 };
    const models = exportModels(classified.network, classified.parameters, read.images.classes);
    const differences = await checkModels(models, classified.network, inspector, sets.test, classified.parameters);
    yield { event: 'progress', phase: 'check the models', done: 1, total: 1 };
    const counts = {
      training: split.training.length,
      validation: split.validation.length,
      test: split.test.length,
    };
    const subject = { counts, differences, nameOf: (index: number) => read.names[split.test[index]] };
    const sight = await describeSight(classified, sets.test, inspector, subject, signal);
    const everything = fixExamples(plainExamples(read.images), createRandom(0));
    return {
      images: read.files,
      failures: read.failures,
      located: await locateFrames(classified, inspector, everything, read.files, signal),
      family: classified.network.transformers.at(0)?.family ?? 'affine',
      model: models[0].bytes,
      alsoLearned: models.slice(1),
      curves: [{ title: 'Training', x: 'step', y: 'loss (cross entropy)', values: classified.losses }],
      figures: figuresOf(sight),
      notes: notesOf(classified, recipe.epochs),
      sight,
    };
  } finally {
    await inspector.dispose();
  }
}

/** A test set of its own is tested with whole; otherwise a share of every class is held back. */
function splitOf({ images, testCount }: ReadExamples, { validation, testShare }: LearnRequest, seed: number): Split {
  const mine = images.labels.length - testCount;
  const shares = { validation, test: testCount > 0 ? 0 : testShare };
  const split = splitByClass(images.labels.subarray(0, mine), shares, createRandom(seed).fork('split'));
  return testCount > 0 ? { ...split, test: Array.from({ length: testCount }, (_, n) => mine + n) } : split;
}

function setsOf({ images }: ReadExamples, split: Split, { augment }: LearnRequest): ClassifySets {
  const still = (members: readonly number[]): FixedExamples =>
    fixExamples(chosenExamples(plainExamples(images), members), createRandom(0));
  return {
    training: chosenExamples(trainingExamples(images, augment), split.training),
    validation: split.validation.length > 0 ? still(split.validation) : null,
    test: still(split.test),
  };
}

function figuresOf({ testError, testLoss, counts, keptEpoch, parameterCount }: ClassifierSight): Learned['figures'] {
  return {
    'test error (%)': 100 * testError.share,
    'test error, low end of 95 % interval (%)': 100 * testError.low,
    'test error, high end of 95 % interval (%)': 100 * testError.high,
    'wrong answers': testError.wrong,
    'test examples': counts.test,
    'training examples': counts.training,
    'validation examples': counts.validation,
    'test loss': testLoss,
    'epoch kept': keptEpoch,
    parameters: parameterCount,
  };
}

function notesOf({ stoppedEarly, keptEpoch, epochs }: Classified, most: number): readonly string[] {
  if (!stoppedEarly) return [];
  const last = epochs.at(-1)?.epoch ?? 0;
  return [`Training ended after ${last} of ${most} epochs: validation had not got better since epoch ${keptEpoch}.`];
}
