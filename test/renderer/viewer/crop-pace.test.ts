import { describe, expect, it } from 'vitest';
import type { Matrix3 } from '../../../core/geometry/matrix.ts';
import { CropPace } from '../../../renderer/viewer/crop/crop-pace.ts';

const pose = (x: number): Matrix3 => [1, 0, x, 0, 1, 0, 0, 0, 1];

describe('the pace of a crop', () => {
  it('draws a movement at half the size where full drawings are late, and whatever stands still at the full size', () => {
    const pace = new CropPace();
    const [a, b, c] = [pose(0), pose(1), pose(2)];
    for (const cost of [30, 28]) pace.took(cost);
    expect([pace.share(a, 0), pace.share(b, 16), pace.share(c, 33)]).toEqual([1, 0.5, 0.5]);
    expect(pace.share(c, 150)).toBe(1);
    expect(pace.share(a, 2000)).toBe(1);
  });

  it('draws everything at the full size where one frame alone was late', () => {
    const pace = new CropPace();
    for (const cost of [3, 80, 4, 90]) {
      pace.took(cost);
      expect([pace.share(pose(0), 0), pace.share(pose(1), 16)]).toEqual([1, 1]);
    }
  });
});
