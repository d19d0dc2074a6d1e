import type { Random } from '../../../geometry/random.ts';
import type { InputShape } from '../../../stn/localisation-nets.ts';
import type { Raster } from '../../../stn/raster.ts';
import { sampleInto } from '../../../stn/sample.ts';
import { type ExampleSource, type LabelledImages, valuesOf } from '../examples.ts';
import { elasticWarp } from './elastic.ts';
import { projectiveWarp } from './projective.ts';
import { rotationWarp, scatterWarp } from './similarity.ts';
import type { Distortion } from './warp.ts';

/** The distortions of the published experiments: rotation, rotation with scale and translation, projective, elastic. */
export const distortions = {
  rotation: { sides: (source) => source, warp: rotationWarp },
  scatter: {
    sides: ({ width, height }) => ({ width: Math.round(1.5 * width), height: Math.round(1.5 * height) }),
    warp: scatterWarp,
  },
  projective: { sides: (source) => source, warp: projectiveWarp },
  elastic: { sides: (source) => source, warp: elasticWarp },
} satisfies Record<string, Distortion>;

export type DistortionName = keyof typeof distortions;

/** The shape of distorted pictures. */
export function distortedShape({ shape: [channels, height, width] }: LabelledImages, name: DistortionName): InputShape {
  const sides = distortions[name].sides({ width, height });
  return [channels, sides.height, sides.width];
}

/** Draws one picture of a set distorted anew, with a strength from 0 to 1; values 0..1, nothing (0) outside. */
export function drawDistorted(
  images: LabelledImages,
  index: number,
  name: DistortionName,
  random: Random,
  into: Float32Array,
  offset: number,
  strength: number,
): void {
  const source = rasterOf(images, index);
  const { width, height } = distortions[name].sides(source);
  sampleInto(source, distortions[name].warp(source, random, strength), width, height, into, offset);
}

/** Pictures distorted anew each time they are drawn. */
export function distortedExamples(images: LabelledImages, name: DistortionName): ExampleSource {
  return {
    count: images.labels.length,
    shape: distortedShape(images, name),
    classes: images.classes,
    draw: (index, random, into, offset, strength = 1) => {
      drawDistorted(images, index, name, random, into, offset, strength);
      return images.labels[index];
    },
  };
}

function rasterOf({ shape, pixels }: LabelledImages, index: number): Raster<Uint8Array> {
  const size = valuesOf(shape);
  const [channels, height, width] = shape;
  return { width, height, channels, data: pixels.subarray(index * size, (index + 1) * size) };
}
