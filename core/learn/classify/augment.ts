import { type DistortionName, distortedExamples } from './distort/distortion.ts';
import { type ExampleSource, type LabelledImages, plainExamples } from './examples.ts';

/** How pictures are changed at random while training; never while testing. */
export type Augmentation = 'none' | Exclude<DistortionName, 'scatter'>;

/** The pictures as they are, or distorted anew each time they are drawn. */
export function trainingExamples(images: LabelledImages, augmentation: Augmentation): ExampleSource {
  return augmentation === 'none' ? plainExamples(images) : distortedExamples(images, augmentation);
}
