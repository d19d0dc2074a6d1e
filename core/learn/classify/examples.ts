import type { Random } from '../../geometry/random.ts';
import type { InputShape } from '../../stn/localisation-nets.ts';

/** Pictures with classes: planar bytes `[N, C, H, W]`, one class index each. */
export interface LabelledImages {
  readonly shape: InputShape;
  readonly pixels: Uint8Array;
  /** Indices into `classes`, one per image. */
  readonly labels: Uint16Array;
  readonly classes: readonly string[];
}

/** What a classifier is taught or tested with. An example may be drawn anew each time it is asked for. */
export interface ExampleSource {
  readonly count: number;
  /** Shape of one example, `[C, H, W]`, values 0..1. */
  readonly shape: InputShape;
  readonly classes: readonly string[];
  /**
   * Writes example `index` at `offset` and returns its class; what is random about it comes from `random` alone. `strength`,
   * 0 to 1 and 1 by default, says how much of its random change is made: 0 leaves it easy, 1 is the whole.
   */
  draw(index: number, random: Random, into: Float32Array, offset: number, strength?: number): number;
}

/** Number of values of one example. */
export function valuesOf([channels, height, width]: InputShape): number {
  return channels * height * width;
}

/** The pictures as they are. */
export function plainExamples(images: LabelledImages): ExampleSource {
  const size = valuesOf(images.shape);
  return {
    count: images.labels.length,
    shape: images.shape,
    classes: images.classes,
    draw: (index, _random, into, offset) => {
      const from = index * size;
      for (let i = 0; i < size; i++) into[offset + i] = images.pixels[from + i] / 255;
      return images.labels[index];
    },
  };
}

/** Some of the examples of a source, in the order of `members`. */
export function chosenExamples(source: ExampleSource, members: readonly number[]): ExampleSource {
  return { ...source, count: members.length, draw: (index, ...rest) => source.draw(members[index], ...rest) };
}

/** Examples drawn once and kept, so that every look at them sees the same. */
export interface FixedExamples {
  readonly shape: InputShape;
  readonly classes: readonly string[];
  /** `[N, C, H, W]`, 0..1. */
  readonly values: Float32Array;
  readonly labels: Uint16Array;
}

/** Draws every example of a source once, each from a stream of its own. */
export function fixExamples(source: ExampleSource, random: Random): FixedExamples {
  const size = valuesOf(source.shape);
  const values = new Float32Array(source.count * size);
  const labels = new Uint16Array(source.count);
  for (let i = 0; i < source.count; i++) labels[i] = source.draw(i, random.fork(`example ${i}`), values, i * size);
  return { shape: source.shape, classes: source.classes, values, labels };
}
