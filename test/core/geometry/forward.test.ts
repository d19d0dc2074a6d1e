import { describe, expect, it } from 'vitest';
import { mapForward, type DropMap } from '../../../core/geometry/forward.ts';
import { dropMap } from '../../../core/geometry/forward-map.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { warpFamily } from '../../../core/geometry/warp-family.ts';
import { expectClose } from './support.ts';

const random = createRandom(8);
const picture = (width: number, height: number, channels = 1) => ({
  width,
  height,
  channels,
  data: Float32Array.from({ length: width * height * channels }, () => random.uniform()),
});
const same: DropMap = (x, y) => ({ x, y });

describe('forward mapping', () => {
  it('copies under the identity, whatever is dropped and however it is counted', () => {
    const image = picture(5, 4, 3);
    for (const splat of ['nearest', 'bilinear'] as const)
      for (const normalise of [true, false]) {
        const found = mapForward(image, same, image, { splat, normalise });
        expectClose([...found.data], [...image.data], 1e-6);
        expect([found.holes, found.overlaps]).toEqual([0, 0]);
        expect([...found.weight]).toEqual(Array<number>(20).fill(1));
      }
  });

  it('leaves holes where it enlarges: three of four pixels at twice the size', () => {
    const found = mapForward(picture(4, 3), (x, y) => ({ x: 2 * x, y: 2 * y }), { width: 8, height: 6 });
    expect([found.holes, found.overlaps]).toEqual([36, 0]);
  });

  it('overlaps where it reduces, as means or as sums', () => {
    const image = { width: 2, height: 2, channels: 1, data: Float32Array.of(1, 2, 3, 6) };
    const half: DropMap = (x, y) => ({ x: x / 2, y: y / 2 });
    const mean = mapForward(image, half, { width: 1, height: 1 });
    expect([mean.data[0], mean.holes, mean.overlaps, mean.weight[0]]).toEqual([3, 0, 1, 4]);
    expect(mapForward(image, half, { width: 1, height: 1 }, { normalise: false }).data[0]).toBe(12);
  });

  it('spreads bilinearly by weight, pinned by numbers', () => {
    const image = { width: 1, height: 1, channels: 1, data: Float32Array.of(8) };
    const shifted: DropMap = (x, y) => ({ x: x + 1.25, y: y + 0.5 });
    const splat = mapForward(image, shifted, { width: 4, height: 2 }, { splat: 'bilinear', normalise: false });
    expect([...splat.data]).toEqual([0, 3, 1, 0, 0, 3, 1, 0]);
    expect([splat.holes, splat.overlaps]).toEqual([4, 0]);
    const normalised = mapForward(image, shifted, { width: 4, height: 2 }, { splat: 'bilinear' });
    expect([...normalised.data]).toEqual([0, 8, 8, 0, 0, 8, 8, 0]);
    expect([...normalised.weight]).toEqual([0, 0.375, 0.125, 0, 0, 0.375, 0.125, 0]);
  });

  it('keeps all light where nothing falls outside and nothing is normalised', () => {
    const image = picture(6, 5);
    const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
    const turn: DropMap = (x, y) => ({ x: 6 + 0.8 * x - 0.6 * y, y: 2 + 0.6 * x + 0.8 * y });
    const found = mapForward(image, turn, { width: 16, height: 12 }, { splat: 'bilinear', normalise: false });
    expect(sum(found.data)).toBeCloseTo(sum(image.data), 4);
    expect(sum(found.weight)).toBeCloseTo(30, 4);
  });

  it('drops what falls outside or nowhere', () => {
    const found = mapForward(picture(2, 2), (x) => (x < 1 ? undefined : { x: 9, y: NaN }), { width: 2, height: 2 });
    expect([found.holes, found.overlaps]).toEqual([4, 0]);
  });
});

describe('where pixels of a source fall', () => {
  const source = { width: 9, height: 7 };
  const crop = { width: 6, height: 5 };
  const thetas = {
    affine: [0.9, 0.2, 0.1, -0.1, 0.8, 0.2],
    projective: [0.9, 0.2, 0.1, -0.1, 0.8, 0.2, 0.2, -0.1],
    tps16: warpFamily('tps16').identity.map((value, i) => 0.8 * value + 0.05 * Math.sin(i)),
  };
  for (const [name, theta] of Object.entries(thetas))
    for (const alignCorners of [false, true])
      it(`is the way back of where the crop is read: ${name}, alignCorners ${alignCorners}`, () => {
        const family = warpFamily(name);
        const frame = { ...source, canonicalAspect: 6 / 5 };
        const drop = dropMap(family.inverseOf(theta, frame), source, crop, alignCorners);
        const read = family.mapOf(theta, frame);
        const [acrossX, acrossY] = alignCorners ? [5, 4] : [6, 5];
        for (const [x, y] of [
          [2.5, 1.5],
          [4.5, 3.5],
          [6.2, 4.1],
        ]) {
          const fell = drop(x, y) ?? expect.fail('it falls somewhere');
          const unit = read(((fell.x - 3) * 2) / acrossX, ((fell.y - 2.5) * 2) / acrossY);
          const [spanX, spanY] = alignCorners ? [8, 6] : [9, 7];
          expectClose([(unit.x * spanX) / 2 + 4.5, (unit.y * spanY) / 2 + 3.5], [x, y], 1e-9);
        }
      });

  it('is nowhere for what no part of a folded warp reaches', () => {
    const family = warpFamily('basis6');
    /* x goes to x², so nothing lands left of the middle. */
    const theta = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0];
    const drop = dropMap(family.inverseOf(theta, source), source, crop);
    expect(drop(2, 3.5)).toBeUndefined();
    expect(drop(7, 3.5)).toBeDefined();
  });
});
