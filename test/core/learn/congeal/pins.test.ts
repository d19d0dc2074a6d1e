import { describe, expect, it } from 'vitest';
import { chain, invert, multiply, singularValues, type Matrix3 } from '../../../../core/geometry/matrix.ts';
import { runCongeal } from '../../../support/alignment.ts';
import { drawFigures } from '../../../support/figures.ts';

const settings = { seed: 3, threads: 1 };

/** A canonical frame that no alignment would choose by itself: turned and shifted against the figure's own. */
const odd: Matrix3 = [
  0.8 * Math.cos(0.5),
  -0.8 * Math.sin(0.5),
  0.1,
  0.8 * Math.sin(0.5),
  0.8 * Math.cos(0.5),
  0,
  0,
  0,
  1,
];

describe('congeal with pins', () => {
  it('keeps the poses that were fixed and brings the others into their frame', async () => {
    const figures = drawFigures({ count: 6, seed: 11 });
    const images = figures.map(({ image }) => image);
    const wanted = figures.map(({ truth }) => multiply(truth, odd));
    const pins = new Map([1, 4].map((n) => [images[n].id, wanted[n]]));
    const { result } = await runCongeal(images, { family: 'similarity', pins }, settings);
    for (const n of [1, 4]) result.images[n].toPixels.forEach((value, i) => expect(value).toBeCloseTo(wanted[n][i], 6));
    for (const [n, { toPixels }] of result.images.entries()) {
      const m = chain(invert(wanted[n]), toPixels);
      const [long, short] = singularValues(m[0], m[1], m[3], m[4]);
      expect(Math.abs((Math.atan2(m[3] - m[1], m[0] + m[4]) * 180) / Math.PI)).toBeLessThan(5);
      expect(Math.abs(Math.log(long * short) / 2)).toBeLessThan(0.1);
      expect(Math.hypot(m[2], m[5])).toBeLessThan(0.15);
    }
  });

  it('takes a mirrored pin for what it is, and does not mind pins of images that are not there', async () => {
    const figures = drawFigures({ count: 5, seed: 5, turn: 0.3, mirror: true });
    const images = figures.map(({ image }) => image);
    const place = figures.findIndex(({ mirrored }) => mirrored);
    const pins = new Map([
      [images[place].id, figures[place].truth],
      ['nowhere.png', odd],
    ]);
    const { result } = await runCongeal(images, { mirror: true, rotation: 36, family: 'similarity', pins }, settings);
    expect(result.images[place].mirrored).toBe(true);
    result.images[place].toPixels.forEach((value, i) => expect(value).toBeCloseTo(figures[place].truth[i], 6));
    expect(result.images.map((image) => image.mirrored)).toEqual(figures.map((figure) => figure.mirrored));
  });
});
