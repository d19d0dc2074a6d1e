import { expect, test } from 'vitest';
import { localisationAccuracy, transferAccuracy, type AlignedKeypoints } from '../../../core/geometry/agreement.ts';
import { multiply, rotate, scale, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { createRandom } from '../../../core/geometry/random.ts';

const shape = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

/** An image that shows the shape through `truth` and was aligned as `found`. */
function image(truth: Matrix3, found: Matrix3 | null = truth): AlignedKeypoints {
  const points = shape.map(({ x, y }) => ({
    x: truth[0] * x + truth[1] * y + truth[2],
    y: truth[3] * x + truth[4] * y + truth[5],
  }));
  return { points, canonicalToImage: found };
}

test('perfect transforms carry every point', () => {
  const images = [0, 1, 2].map((turn) => image(multiply(translate(50, 40), multiply(rotate(turn), scale(10 + turn)))));
  expect(transferAccuracy(images, [0.1, 0.001])).toEqual({ shares: [1, 1], pairs: 6, allPairs: 6 });
});

test('the threshold is a fraction of the longer side of the keypoint box of the destination', () => {
  // The second image's frame is found 1.5 px too far right. Its box is 20 px: 1.5 < 0.1 x 20. Into the first image,
  // whose box is 10 px, the error is 0.75 px < 0.1 x 10. At 0.05 both fail; at 0.08 only 1.5 < 1.6 and 0.75 < 0.8 pass.
  const images = [image(scale(10)), image(scale(20), multiply(translate(1.5, 0), scale(20)))];
  expect(transferAccuracy(images, [0.1, 0.08, 0.05]).shares).toEqual([1, 1, 0]);
  // A wide box counts by its longer side: 40 x 10, 3 px off: 3 < 0.1 x 40, although 3 > 0.1 x 10.
  const wide = [image(scale(40, 10)), image(scale(40, 10), multiply(translate(0, 3), scale(40, 10)))];
  expect(transferAccuracy(wide, [0.1, 0.05]).shares).toEqual([1, 0]);
});

test('the mean is over ordered pairs and each pair counts the points that both images have', () => {
  const whole = image(scale(10));
  // One point of the second image lies 5 px off, another is missing: 2 of 3 common points land, both ways.
  const partial: AlignedKeypoints = {
    points: [{ x: 5, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, null],
    canonicalToImage: scale(10),
  };
  expect(transferAccuracy([whole, partial], [0.1]).shares[0]).toBeCloseTo(2 / 3, 12);
  // With a second whole image: two perfect pairs and four with two thirds.
  const result = transferAccuracy([whole, partial, whole], [0.1]);
  expect(result.shares[0]).toBeCloseTo((2 + (4 * 2) / 3) / 6, 12);
  expect(result.pairs).toBe(6);
});

test('an image without a transform counts as missed; one without points is left out', () => {
  const good = image(scale(10));
  const lost = image(scale(10), null);
  const unknown: AlignedKeypoints = { points: [null, null, null, null], canonicalToImage: scale(10) };
  expect(transferAccuracy([good, good, lost], [0.1])).toEqual({ shares: [2 / 6], pairs: 6, allPairs: 6 });
  expect(transferAccuracy([good, good, unknown], [0.1])).toEqual({ shares: [1], pairs: 2, allPairs: 6 });
  expect(transferAccuracy([], [0.1])).toEqual({ shares: [0], pairs: 0, allPairs: 0 });
});

test('projective transforms divide by w', () => {
  const bent: Matrix3 = [10, 0, 0, 0, 10, 0, 0.5, 0, 1];
  const points = shape.map(({ x, y }) => ({ x: (10 * x) / (0.5 * x + 1), y: (10 * y) / (0.5 * x + 1) }));
  const images = [{ points, canonicalToImage: bent }, image(scale(7))];
  expect(transferAccuracy(images, [1e-9]).shares).toEqual([1]);
});

test('beyond the limit a seeded sample stands for all pairs', () => {
  const random = createRandom(5);
  const images = Array.from({ length: 60 }, () =>
    image(scale(10), multiply(translate(random.normal() * 0.6, 0), scale(10))),
  );
  const all = transferAccuracy(images, [0.1]);
  const sample = transferAccuracy(images, [0.1], { maximumPairs: 2000 });
  expect(sample).toMatchObject({ pairs: 2000, allPairs: 3540 });
  expect(Math.abs(sample.shares[0] - all.shares[0])).toBeLessThan(0.03);
  expect(transferAccuracy(images, [0.1], { maximumPairs: 2000 })).toEqual(sample);
});

test('a thousand images with 68 points are compared in all pairs', () => {
  const many = Array.from({ length: 1000 }, (_, index) => {
    const { points, canonicalToImage } = image(scale(10 + (index % 5)));
    return { points: Array.from({ length: 17 }, () => points).flat(), canonicalToImage };
  });
  expect(transferAccuracy(many, [0.1, 0.05])).toEqual({ shares: [1, 1], pairs: 999_000, allPairs: 999_000 });
});

test('CorLoc and mean IoU are against the best of any true boxes', () => {
  const box = (xmin: number, ymin: number, xmax: number, ymax: number) => ({ xmin, ymin, xmax, ymax });
  const result = localisationAccuracy([
    { found: box(0, 0, 10, 10), truth: [box(50, 50, 60, 60), box(0, 0, 10, 10)] },
    { found: box(0, 0, 10, 5), truth: [box(0, 0, 10, 10)] },
    { found: box(0, 0, 10, 10), truth: [box(5, 0, 15, 10)] },
    { found: null, truth: [box(0, 0, 1, 1)] },
    { found: box(0, 0, 1, 1), truth: [] },
  ]);
  expect(result.images).toBe(4);
  expect(result.corLoc).toBe(0.5);
  expect(result.meanIou).toBeCloseTo((1 + 0.5 + 1 / 3 + 0) / 4, 12);
});
