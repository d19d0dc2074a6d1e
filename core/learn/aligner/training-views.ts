import type { Random } from '../../geometry/random.ts';
import { invert, multiply } from '../../geometry/matrix.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import { describePoses } from '../congeal/describe.ts';
import type { Describer, Pose } from '../congeal/describe.ts';
import type { Lesson } from './lessons.ts';
import { targetLength, writeTarget } from './vote-loss.ts';
import type { VoteNetShape } from './vote-net.ts';

/** Many random views of the lessons: features as signed bytes `[count, channels, cells, cells]`, and where the truth lies in each. */
export interface TrainingViews {
  readonly count: number;
  readonly length: number;
  readonly features: Int8Array;
  readonly targets: Float32Array;
}

/** Features are unit vectors per cell: their entries fit into signed bytes of 1/127. */
export const featureUnit = 1 / 127;

/** Views described between two words of progress. */
const batch = 30;

/** Share of the views that lie around the truth, as later passes see it. */
const aroundTruth = 0.35;

/** A random window on an image: mostly around the whole image, sometimes around the truth. */
function randomWindow(truth: Matrix3, rotation: number, random: Random): Matrix3 {
  if (random.uniform() < aroundTruth) return multiply(truth, similarity(0.35, 0.2, 0.15, random));
  return similarity(rotation, 0.5, 0.35, random);
}

function similarity(rotation: number, logScale: number, shift: number, random: Random): Matrix3 {
  const angle = random.uniform(-rotation, rotation);
  const scale = Math.exp(random.uniform(-logScale, logScale));
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [c, -s, random.uniform(-shift, shift), s, c, random.uniform(-shift, shift), 0, 0, 1];
}

/**
 * Renders and describes random views, telling after each batch how many are done.
 *
 * @param rotation - how far views are turned either way, in radians
 */
export async function* makeTrainingViews(
  describer: Describer,
  lessons: readonly Lesson[],
  count: number,
  shape: VoteNetShape,
  rotation: number,
  random: Random,
): AsyncGenerator<number, TrainingViews> {
  const { cells, channels } = shape;
  const length = channels * cells * cells;
  const all = describer.projection.components * cells * cells;
  const features = new Int8Array(count * length);
  const targets = new Float32Array(count * targetLength);
  for (let start = 0; start < count; start += batch) {
    const poses: Pose[] = [];
    for (let n = start; n < Math.min(count, start + batch); n++) {
      const { view, warp, mirrored } = lessons[n % lessons.length];
      const window = randomWindow(warp, rotation, random);
      poses.push({ view, warp: window, mirrored });
      writeTarget(multiply(invert(window), warp), targets, n * targetLength);
    }
    const { maps } = await describePoses(describer, poses, cells, 1);
    poses.forEach((_, k) => {
      const to = (start + k) * length;
      for (let i = 0; i < length; i++) features[to + i] = Math.round(maps[k * all + i] / featureUnit);
    });
    yield Math.min(count, start + batch);
  }
  return { count, length, features, targets };
}
