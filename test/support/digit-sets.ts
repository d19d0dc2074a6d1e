import { readIdxImages } from '../../core/datasets/idx.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { additionExamples, clutteredExamples } from '../../core/learn/classify/distort/composites.ts';
import { type DistortionName, distortedExamples } from '../../core/learn/classify/distort/distortion.ts';
import {
  type ExampleSource,
  fixExamples,
  type LabelledImages,
  plainExamples,
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

/**
 * Training examples, distorted anew in every epoch, and the fixed test set of an experiment: 10,000 and 5,000 digits, or the
 * 10,000 and 1,000 images of the published 40 x 40 set. Nothing is held back for validation: the last epoch counts.
 */
export async function digitSets(task: DigitTask): Promise<ClassifySets> {
  const [training, test] =
    task === 'cluttered-40'
      ? [await readSet('cluttered-mnist/train'), await readSet('cluttered-mnist/test')]
      : [await readSet('mnist/train10k'), await readSet('mnist/t5k')];
  const random = createRandom(testSeed).fork(task);
  return { training: examplesOf(task, training), validation: null, test: fixExamples(examplesOf(task, test), random) };
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
