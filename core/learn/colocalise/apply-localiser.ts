import { CongealError } from '../../contract/errors.ts';
import type { WorkImage } from '../../features/work-image.ts';
import type { Box } from '../../geometry/boxes.ts';
import { float32, floats } from '../../graph/tensor.ts';
import { openSession, type Session, type SessionOptions } from '../../runtime/session.ts';
import { breathe } from '../breathe.ts';
import { rgbFloats, sameSizeRuns } from './work-maps.ts';

/** What a localiser says about one image. */
export interface LocalisedImage {
  readonly id: string;
  /** In pixels of the oriented original, clipped to it. */
  readonly box: Box;
  readonly score: number;
  /** Crop to unit coordinates of the image, row by row: [[sx, 0, tx], [0, sy, ty]]. **Convention**: `align_corners` false. */
  readonly theta: readonly number[];
}

const chunk = 4;

/**
 * Runs a localiser over images' working copies; yields how many are done.
 *
 * **Throws** CongealError `model-invalid` or `model-unsuitable` when it is no localiser.
 */
export async function* applyLocaliser(
  model: Uint8Array,
  images: readonly WorkImage[],
  options: SessionOptions & { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<number, LocalisedImage[]> {
  const session = await openSession(model, options);
  try {
    checkPorts(session);
    const results: LocalisedImage[] = [];
    let done = 0;
    for (const run of sameSizeRuns(images, chunk)) {
      const { width, height } = images[run[0]].raster;
      const pixels = new Float32Array(run.length * 3 * width * height);
      run.forEach((index, i) => rgbFloats(images[index], pixels, i * 3 * width * height));
      const found = await session.run({ pixels: float32(pixels, [run.length, 3, height, width]) }, wanted);
      const [theta, score] = [floats(found.theta), floats(found.score)];
      run.forEach((index, i) => {
        const row = Array.from(theta.subarray(i * 6, i * 6 + 6));
        results[index] = { id: images[index].id, box: boxOfTheta(row, images[index]), score: score[i], theta: row };
      });
      await breathe(options.signal);
      yield (done += run.length);
    }
    return results;
  } finally {
    await session.dispose();
  }
}

const wanted = ['theta', 'score'];

/** The upright box that an attention theta shows, in pixels of the oriented original, clipped to it. */
function boxOfTheta(
  [sx, , tx, , sy, ty]: readonly number[],
  { width, height }: Pick<WorkImage, 'width' | 'height'>,
): Box {
  const at = (unit: number, size: number): number => Math.min(size, Math.max(0, ((unit + 1) / 2) * size));
  return {
    xmin: at(tx - sx, width),
    ymin: at(ty - sy, height),
    xmax: at(tx + sx, width),
    ymax: at(ty + sy, height),
  };
}

function checkPorts({ inputNames, outputNames }: Session): void {
  if (inputNames.join() === 'pixels' && wanted.every((name) => outputNames.includes(name))) return;
  throw new CongealError(
    'model-unsuitable',
    `This model is no localiser: it takes ${inputNames.join(', ')} and gives ${outputNames.join(', ')}; expected pixels, and theta and score. Use a localiser.onnx.`,
  );
}
