import { readIdxImages } from '../../core/datasets/idx.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { type Augmentation, trainingExamples } from '../../core/learn/classify/augment.ts';
import { additionExamples, clutteredExamples } from '../../core/learn/classify/distort/composites.ts';
import { type DistortionName, distortedExamples } from '../../core/learn/classify/distort/distortion.ts';
import {
  type ExampleSource,
  fixExamples,
  type LabelledImages,
  plainExamples,
  valuesOf,
} from '../../core/learn/classify/examples.ts';
import type { ClassifySets } from '../../core/learn/classify/classify.ts';
import { shared } from './shared.ts';

/** The published experiments: the letters of their four distortions, cluttered digits, and sums of two digits. */
export type DigitTask = 'R' | 'RTS' | 'P' | 'E' | 'cluttered-60' | 'addition' | 'cluttered-40';

const distortionOf: Partial<Record<DigitTask, DistortionName>> = {
  R: 'rotation',
  RTS: 'scatter',
  P: 'projective',
  E: 'elastic',
};

/** Test sets are drawn once, from this seed, whatever the seed of a training. */
const testSeed = 20_150_605;

/** What an experiment is judged by: the test set, or, to choose a recipe without it, pictures held back from training. */
export type JudgedBy = 'test' | 'held back';

/** How many of the 10,000 training digits are held back where they judge. */
const heldBack = 2000;

/**
 * Training examples, distorted anew in every epoch, and the fixed set that judges: 10,000 and 5,000 digits, or the 10,000
 * and 1,000 images of the published 40 x 40 set, which `augment` may change at random. No epoch is chosen: the last one counts.
 */
export async function digitSets(
  task: DigitTask,
  judgedBy: JudgedBy = 'test',
  augment: Augmentation = 'none',
): Promise<ClassifySets> {
  const [training, judging] = await readBoth(task, judgedBy);
  const random = createRandom(testSeed).fork(`${task}${judgedBy === 'test' ? '' : ' held back'}`);
  const taught = task === 'cluttered-40' ? trainingExamples(training, augment) : examplesOf(task, training);
  return { training: taught, validation: null, test: fixExamples(examplesOf(task, judging), random) };
}

async function readBoth(
  task: DigitTask,
  judgedBy: JudgedBy,
): Promise<readonly [training: LabelledImages, judging: LabelledImages]> {
  if (task === 'cluttered-40') {
    const judging = await readSet(`cluttered-mnist/${judgedBy === 'test' ? 'test' : 'valid'}`);
    return [await readSet('cluttered-mnist/train'), judging];
  }
  const digits = await readSet('mnist/train10k');
  if (judgedBy === 'test') return [digits, await readSet('mnist/t5k')];
  const end = digits.labels.length;
  return [part(digits, 0, end - heldBack), part(digits, end - heldBack, end)];
}

function part(images: LabelledImages, from: number, to: number): LabelledImages {
  const size = valuesOf(images.shape);
  return {
    ...images,
    pixels: images.pixels.subarray(from * size, to * size),
    labels: images.labels.subarray(from, to),
  };
}

function examplesOf(task: DigitTask, images: LabelledImages): ExampleSource {
  const distortion = distortionOf[task];
  if (distortion !== undefined) return distortedExamples(images, distortion);
  if (task === 'addition') return additionExamples(images);
  return task === 'cluttered-60' ? clutteredExamples(images) : plainExamples(images);
}

async function readSet(name: string): Promise<LabelledImages> {
  const files = ['images-idx3', 'labels-idx1'].map((part) => shared(`data/${name}-${part}-ubyte.gz`));
  const { channels, height, width, pixels, labels } = await readIdxImages(files[0], files[1]);
  return {
    shape: [channels, height, width],
    pixels,
    labels: Uint16Array.from(labels),
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
}
