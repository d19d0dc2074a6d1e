import { iou, type Box } from './boxes.ts';
import { applyPoint, invert, type Matrix3 } from './matrix.ts';
import { createRandom } from './random.ts';
import type { Point } from './units.ts';

/** One image's true keypoints (pixels; null where missing) and the transform that was found for it (null: none). */
export interface AlignedKeypoints {
  readonly points: readonly (Point | null)[];
  readonly canonicalToImage: Matrix3 | null;
}

/** How well keypoints carry over from image to image. */
export interface TransferAccuracy {
  /** For each fraction asked for: the share of keypoints that land within it, 0 to 1, mean over ordered pairs. */
  readonly shares: readonly number[];
  /** How many ordered pairs were looked at, and how many there are; fewer were looked at where a sample was drawn. */
  readonly pairs: number;
  readonly allPairs: number;
}

/** How well boxes were found. */
export interface LocalisationAccuracy {
  /** Share of images whose box overlaps a true one with intersection over union of at least 0.5, 0 to 1. */
  readonly corLoc: number;
  /** Mean over images of the intersection over union with the best true box, 0 to 1. */
  readonly meanIou: number;
  /** How many images have a true box and were counted. */
  readonly images: number;
}

interface Prepared {
  readonly toImage: Matrix3 | null;
  /** Canonical points x, y in turn; NaN where missing. */
  readonly canonical: Float64Array;
  readonly pixels: Float64Array;
  /** Longer side of the box around the known keypoints, in pixels. */
  readonly side: number;
}

/**
 * PCK: carries the keypoints of every image i into every other image j by M_j M_i^-1 (M: canonical to image) and counts
 * those that land within `fraction` x the longer side of the keypoint box of j. The mean is over ordered pairs, each with
 * its own share of the points known in both. A pair with an image that has no transform counts as 0; a pair without a
 * common point, or whose destination has no box (fewer than two distinct points), is left out. Beyond `maximumPairs`
 * a seeded sample of that size is drawn.
 */
export function transferAccuracy(
  images: readonly AlignedKeypoints[],
  fractions: readonly number[],
  { maximumPairs = 2_000_000, seed = 1 }: { readonly maximumPairs?: number; readonly seed?: number } = {},
): TransferAccuracy {
  const prepared = images.map(prepare);
  const allPairs = images.length * Math.max(0, images.length - 1);
  const totals = fractions.map(() => 0);
  const hits = fractions.map(() => 0);
  let pairs = 0;
  for (const [from, to] of pairsOf(images.length, maximumPairs, seed)) {
    const common = transfer(prepared[from], prepared[to], fractions, hits);
    if (common === 0) continue;
    pairs++;
    for (let f = 0; f < hits.length; f++) totals[f] += hits[f] / common;
  }
  return { shares: totals.map((total) => (pairs === 0 ? 0 : total / pairs)), pairs, allPairs };
}

/** CorLoc at 0.5 and mean IoU against any of each image's true boxes; images without a true box are left out. */
export function localisationAccuracy(
  images: readonly { readonly found: Box | null; readonly truth: readonly Box[] }[],
): LocalisationAccuracy {
  const known = images.filter(({ truth }) => truth.length > 0);
  const overlaps = known.map(({ found, truth }) =>
    found === null ? 0 : Math.max(...truth.map((box) => iou(found, box))),
  );
  const count = Math.max(1, known.length);
  return {
    corLoc: overlaps.filter((overlap) => overlap >= 0.5).length / count,
    meanIou: overlaps.reduce((sum, overlap) => sum + overlap, 0) / count,
    images: known.length,
  };
}

function prepare({ points, canonicalToImage }: AlignedKeypoints): Prepared {
  const canonical = new Float64Array(2 * points.length).fill(NaN);
  const pixels = new Float64Array(2 * points.length).fill(NaN);
  const toCanonical = canonicalToImage === null ? null : invert(canonicalToImage);
  let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
  points.forEach((point, index) => {
    if (point === null) return;
    pixels.set([point.x, point.y], 2 * index);
    if (toCanonical !== null) {
      const moved = applyPoint(toCanonical, point.x, point.y);
      canonical.set([moved.x, moved.y], 2 * index);
    }
    [xmin, ymin] = [Math.min(xmin, point.x), Math.min(ymin, point.y)];
    [xmax, ymax] = [Math.max(xmax, point.x), Math.max(ymax, point.y)];
  });
  return { toImage: canonicalToImage, canonical, pixels, side: Math.max(0, xmax - xmin, ymax - ymin) };
}

/** Counts into `hits`, per fraction, the points that land; gives how many points both images have (0: no such pair). */
function transfer(from: Prepared, to: Prepared, fractions: readonly number[], hits: number[]): number {
  hits.fill(0);
  if (to.side === 0) return 0;
  const m = to.toImage;
  const thresholds = fractions.map((fraction) => (fraction * to.side) ** 2);
  const length = Math.min(from.pixels.length, to.pixels.length);
  let common = 0;
  for (let i = 0; i < length; i += 2) {
    if (Number.isNaN(from.pixels[i]) || Number.isNaN(to.pixels[i])) continue;
    common++;
    if (m === null || from.toImage === null) continue;
    const x = from.canonical[i];
    const y = from.canonical[i + 1];
    const w = m[6] * x + m[7] * y + m[8];
    const dx = (m[0] * x + m[1] * y + m[2]) / w - to.pixels[i];
    const dy = (m[3] * x + m[4] * y + m[5]) / w - to.pixels[i + 1];
    const squared = dx * dx + dy * dy;
    for (let f = 0; f < thresholds.length; f++) if (squared < thresholds[f]) hits[f]++;
  }
  return common;
}

function* pairsOf(count: number, maximum: number, seed: number): Generator<readonly [number, number]> {
  if (count * (count - 1) <= maximum) {
    for (let from = 0; from < count; from++) {
      for (let to = 0; to < count; to++) if (to !== from) yield [from, to];
    }
    return;
  }
  const random = createRandom(seed).fork('pairs');
  for (let drawn = 0; drawn < maximum; drawn++) {
    const from = random.integer(count);
    yield [from, (from + 1 + random.integer(count - 1)) % count];
  }
}
