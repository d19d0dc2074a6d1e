import { CongealError } from '../../../contract/errors.ts';
import type { Random } from '../../../geometry/random.ts';
import { type ExampleSource, type LabelledImages, valuesOf } from '../examples.ts';
import { distortedShape, drawDistorted } from './distortion.ts';

/** What a cluttered picture looks like. */
export interface ClutterOptions {
  /** Side of the picture in pixels. */
  readonly side: number;
  /** How many square crops of other pictures are scattered over it, and their side in pixels. */
  readonly crops: number;
  readonly cropSide: number;
}

/** The published cluttered digits. **Source**: Jaderberg et al. 2015, section 4.1 and appendix A. */
const publishedClutter: ClutterOptions = { side: 60, crops: 16, cropSide: 6 };

/** Pictures at random whole places of larger ones, among crops of other pictures, put together by maximum. */
export function clutteredExamples(images: LabelledImages, options: ClutterOptions = publishedClutter): ExampleSource {
  const [channels, height, width] = images.shape;
  const { side, crops, cropSide } = options;
  if (side < Math.max(width, height) || cropSide > Math.min(width, height))
    throw new CongealError(
      'usage',
      `Pictures of ${width} x ${height} cannot be cluttered by crops of ${cropSide} in a frame of ${side}: the frame must hold a picture, and a picture a crop.`,
    );
  const paste = (into: Float32Array, offset: number, index: number, part: Part, x: number, y: number): void => {
    for (let c = 0; c < channels; c++)
      for (let j = 0; j < part.height; j++)
        for (let i = 0; i < part.width; i++) {
          const from = ((index * channels + c) * height + part.y + j) * width + part.x + i;
          const to = offset + (c * side + y + j) * side + x + i;
          into[to] = Math.max(into[to], images.pixels[from] / 255);
        }
  };
  return {
    count: images.labels.length,
    shape: [channels, side, side],
    classes: images.classes,
    draw: (index, random, into, offset, strength = 1) => {
      into.fill(0, offset, offset + channels * side * side);
      for (let k = 0; k < Math.round(strength * crops); k++) {
        const [x, y] = [random.integer(width - cropSide + 1), random.integer(height - cropSide + 1)];
        const other = random.integer(images.labels.length);
        const place = [random.integer(side - cropSide + 1), random.integer(side - cropSide + 1)] as const;
        paste(into, offset, other, { x, y, width: cropSide, height: cropSide }, ...place);
      }
      const place = [random.integer(side - width + 1), random.integer(side - height + 1)] as const;
      paste(into, offset, index, { x: 0, y: 0, width, height }, ...place);
      return images.labels[index];
    },
  };
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Two pictures, each turned, scaled and placed by itself in a channel of its own; the class is the sum of theirs. The
 * second one is drawn at random, so that every pair can occur. **Source**: Jaderberg et al. 2015, appendix A.3.
 *
 * **Throws** CongealError `usage` for pictures with several channels.
 */
export function additionExamples(images: LabelledImages): ExampleSource {
  const [channels, height, width] = distortedShape(images, 'scatter');
  if (channels !== 1)
    throw new CongealError('usage', `Pictures to be added have one channel each, found ${channels}. Make them grey.`);
  const size = valuesOf([1, height, width]);
  const count = images.labels.length;
  return {
    count,
    shape: [2, height, width],
    classes: Array.from({ length: 2 * images.classes.length - 1 }, (_, sum) => String(sum)),
    draw: (index, random: Random, into, offset, strength = 1) => {
      const other = random.integer(count);
      drawDistorted(images, index, 'scatter', random, into, offset, strength);
      drawDistorted(images, other, 'scatter', random, into, offset + size, strength);
      return images.labels[index] + images.labels[other];
    },
  };
}
