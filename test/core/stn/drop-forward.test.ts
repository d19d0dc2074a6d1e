import { expect, it } from 'vitest';
import { dropForward, dropsOf } from '../../../core/stn/drop-forward.ts';

const source = { width: 2, height: 2, channels: 1, data: Uint8Array.from([0, 51, 102, 255]) };

it('copies an image under the identity', () => {
  const { raster, holes, overlaps } = dropForward(source, dropsOf([1, 0, 0, 0, 1, 0, 0, 0, 1]), {
    width: 2,
    height: 2,
  });
  expect([holes, overlaps]).toEqual([0, 0]);
  expect([...raster.data].map((value) => Math.round(value * 255))).toEqual([0, 51, 102, 255, 255, 255, 255, 255]);
});

it('leaves holes where it enlarges and means where it reduces', () => {
  const enlarged = dropForward(source, dropsOf([2, 0, 0, 0, 2, 0, 0, 0, 1]), { width: 4, height: 4 });
  expect([enlarged.holes, enlarged.overlaps]).toEqual([12, 0]);
  expect(enlarged.raster.data[5]).toBe(0);
  expect(enlarged.raster.data[16 + 5]).toBe(1);
  const reduced = dropForward(source, dropsOf([0.5, 0, 0, 0, 0.5, 0, 0, 0, 1]), { width: 1, height: 1 });
  expect([reduced.holes, reduced.overlaps]).toEqual([0, 1]);
  expect(reduced.raster.data[0]).toBeCloseTo(0.4, 6);
});

it('drops what falls outside, and points at infinity', () => {
  const { holes } = dropForward(source, dropsOf([1, 0, 5, 0, 1, 0, 1, 0, -0.5]), { width: 2, height: 2 });
  expect(holes).toBe(4);
});
