import { drawBeetles } from '../../core/datasets/samples/beetles.ts';
import type { SamplePicture } from '../../core/datasets/samples/picture.ts';
import type { WorkImage } from '../../core/features/work-image.ts';
import { invert, multiply, type Matrix3 } from '../../core/geometry/matrix.ts';
import { readPose } from '../../core/learn/congeal/gauge.ts';
import { median } from '../../core/learn/congeal/scores.ts';
import { runCongeal } from '../support/alignment.ts';
import { numberOption } from '../support/bench-options.ts';

const target = { megabytes: 2000 };

/**
 * Aligns 100, then 1,000 generated pictures in one run each: memory, time per image, and how far apart the poses end.
 *
 * Arguments: `--seed N`, `--many 1000`, `--few 100`, `--threads N`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: string[]): Promise<void> {
  const seed = numberOption(args, '--seed') ?? 1;
  const threads = numberOption(args, '--threads');
  const few = numberOption(args, '--few') ?? 100;
  const many = numberOption(args, '--many') ?? 1000;
  const images: WorkImage[] = [];
  const truth: Matrix3[] = [];
  for (const picture of drawBeetles({ seed, count: many, width: 224 })) {
    images.push(workImage(picture));
    truth.push(picture.truth.objectToPixel);
  }
  let perImage = Infinity;
  for (const count of [few, many]) {
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
    const { result, seconds, stages, longestSilence } = await runCongeal(images.slice(0, count), {}, { seed, threads });
    clearInterval(watch);
    const megabytes = Math.round(Math.max(most, process.memoryUsage().rss) / 1e6);
    const residual = residualPose(
      truth.slice(0, count),
      result.images.map((image) => image.toPixels),
    );
    const each = seconds / count;
    const reached = megabytes < target.megabytes && each <= perImage;
    perImage = Math.min(perImage, each);
    emit({
      bench: 'align-many',
      count,
      megabytes,
      seconds,
      secondsPerImage: each,
      longestSilence,
      stages,
      ...residual,
      flagged: result.images.filter((image) => image.status === 'flagged').length,
      target,
      reached,
    });
  }
}

function workImage({ name, width, height, channels, data }: SamplePicture): WorkImage {
  const planar = new Uint8Array(3 * width * height);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < width * height; i++)
      planar[c * width * height + i] = data[i * channels + Math.min(c, channels - 1)];
  return { id: name, width, height, raster: { width, height, channels: 3, data: planar } };
}

/** Median rotation (degrees) and log scale by which poses differ from the set's common one. */
function residualPose(truth: readonly Matrix3[], found: readonly Matrix3[]): Record<string, number> {
  const poses = truth.map((objectToPixel, n) => readPose(multiply(invert(objectToPixel), found[n])));
  const angle = (a: number, b: number): number => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));
  const middle = poses.reduce((best, pose) => {
    const worth = (of: number): number => median(poses.map((other) => angle(other.rotation, of)));
    return worth(pose.rotation) < worth(best) ? pose.rotation : best;
  }, poses[0].rotation);
  const size = median(poses.map((pose) => Math.log(pose.scale)));
  const degrees = poses.map((pose) => (angle(pose.rotation, middle) * 180) / Math.PI);
  return {
    medianDegrees: median(degrees),
    within15Degrees: degrees.filter((value) => value < 15).length / degrees.length,
    medianLogScale: median(poses.map((pose) => Math.abs(Math.log(pose.scale) - size))),
  };
}
