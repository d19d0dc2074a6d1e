import { describe, expect, it } from 'vitest';
import { families, toMatrix } from '../../core/geometry/families.ts';
import {
  canonicalPointToUnit,
  orientedSize,
  orientedToStored,
  pixelPointToUnit,
  pixelToUnit,
  storedToOriented,
  targetToSourcePixels,
  unitPointToCanonical,
  unitPointToPixel,
  unitToPixel,
  type Orientation,
} from '../../core/geometry/frames.ts';
import { mapGrid, regularGrid } from '../../core/geometry/grid.ts';
import { applyPoint, identity3, multiply, rotate, scale, translate } from '../../core/geometry/matrix.ts';
import { canonicalPoint, degrees, pixelPoint, toRadians, unitPoint } from '../../core/geometry/units.ts';
import { sampleRaster } from '../../core/stn/sample.ts';

const close = (found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void => {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThanOrEqual(tolerance);
};

/** 3 wide, 2 high: 1 2 3 over 4 5 6. */
const small = { width: 3, height: 2, channels: 1, data: Float32Array.of(1, 2, 3, 4, 5, 6) };

/** An image of any size with no two equal pixels. */
const numbered = (width: number, height: number): typeof small => ({
  width,
  height,
  channels: 1,
  data: Float32Array.from({ length: width * height }, (_, i) => ((i * 7919) % 65521) / 65521),
});

describe('pixel points', () => {
  it('put (0, 0) on the outer corner, so that the first pixel centre is (0.5, 0.5)', () => {
    expect(unitPointToPixel(unitPoint(-1, -1), { width: 4, height: 2 })).toEqual({ x: 0, y: 0 });
    expect(unitPointToPixel(unitPoint(1, 1), { width: 4, height: 2 })).toEqual({ x: 4, y: 2 });
    expect(pixelPointToUnit(pixelPoint(0.5, 0.5), { width: 4, height: 2 })).toEqual({ x: -0.75, y: -0.5 });
  });

  it('with alignCorners have ±1 on the centres of the corner pixels', () => {
    expect(applyPoint(unitToPixel(4, 2, true), -1, -1)).toEqual({ x: 0.5, y: 0.5 });
    expect(applyPoint(unitToPixel(4, 2, true), 1, 1)).toEqual({ x: 3.5, y: 1.5 });
    const back = applyPoint(pixelToUnit(4, 2, true), 3.5, 0.5);
    close([back.x, back.y], [1, -1], 1e-15);
  });
});

describe('grids', () => {
  it('hold pixel centres, x before y, row by row', () => {
    close(regularGrid(4, 2, false), [
      ...[-0.75, -0.5, -0.25, -0.5, 0.25, -0.5, 0.75, -0.5],
      ...[-0.75, 0.5, -0.25, 0.5, 0.25, 0.5, 0.75, 0.5],
    ]);
    close(regularGrid(3, 2, true), [-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1]);
    close(regularGrid(1, 1, true), [0, 0]);
  });

  it('are the target grid taken through theta', () => {
    close(mapGrid([0.5, 0, 0.25, 0, 0.5, -0.25, 0, 0, 1], 2, 1, false), [0, -0.25, 0.5, -0.25]);
  });
});

describe('the identity', () => {
  for (const alignCorners of [false, true]) {
    for (const [width, height] of [
      [3, 2],
      [7, 5],
      [64, 33],
      [1, 9],
      [5, 1],
      [101, 37],
    ] as const) {
      it(`reproduces a ${width} x ${height} image, alignCorners ${alignCorners}`, () => {
        const image = numbered(width, height);
        const map = targetToSourcePixels(identity3, image, image, alignCorners);
        for (const padding of ['zeros', 'border', 'reflection'] as const) {
          const nearest = sampleRaster(image, map, width, height, { kernel: 'nearest', padding, alignCorners });
          expect(nearest.data).toEqual(image.data);
          const bilinear = sampleRaster(image, map, width, height, { kernel: 'bilinear', padding, alignCorners });
          close(bilinear.data, [...image.data]);
          const bicubic = sampleRaster(image, map, width, height, { kernel: 'bicubic', padding, alignCorners });
          close(bicubic.data, [...image.data]);
        }
      });
    }
  }

  it('is lost when a grid of one flag is sampled with the other', () => {
    const map = multiply(unitToPixel(3, 2, false), pixelToUnit(3, 2, true));
    const mixed = sampleRaster(small, map, 3, 2, { padding: 'zeros' });
    /* ±1 lands on the outer edges: corners keep a quarter, edge pixels a half. */
    close(mixed.data, [0.25, 1, 0.75, 1, 2.5, 1.5]);
  });

  it('scales 8-bit and 16-bit images to 0..1', () => {
    const bytes = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) };
    const words = { width: 2, height: 1, channels: 1, data: Uint16Array.of(65535, 0) };
    close(sampleRaster(bytes, identity3, 2, 1).data, [0, 1]);
    close(sampleRaster(words, identity3, 2, 1).data, [1, 0]);
  });
});

describe('direction', () => {
  it('theta maps target to source: moving the source point right moves the picture left', () => {
    /* One pixel of three is 2/3 of a half image. */
    const theta = toMatrix(families.translation, [2 / 3, 0], small);
    const map = targetToSourcePixels(theta, small, small);
    expect(sampleRaster(small, map, 3, 2, { kernel: 'nearest' }).data).toEqual(Float32Array.of(2, 3, 0, 5, 6, 0));
    close(sampleRaster(small, map, 3, 2).data, [2, 3, 0, 5, 6, 0]);
    close(sampleRaster(small, map, 3, 2, { padding: 'border' }).data, [2, 3, 3, 5, 6, 6]);
  });

  it('with alignCorners one pixel of three is a whole half image', () => {
    const map = targetToSourcePixels(translate(1, 0), small, small, true);
    close(sampleRaster(small, map, 3, 2, { alignCorners: true }).data, [2, 3, 0, 5, 6, 0]);
    const down = targetToSourcePixels(translate(0, 2), small, small, true);
    close(sampleRaster(small, down, 3, 2, { alignCorners: true }).data, [4, 5, 6, 0, 0, 0]);
  });

  it('a half-pixel shift is the mean of two neighbours', () => {
    close(sampleRaster(small, translate(0.5, 0), 3, 2, { padding: 'border' }).data, [1.5, 2.5, 3, 4.5, 5.5, 6]);
    close(sampleRaster(small, translate(0.5, 0), 3, 2).data, [1.5, 2.5, 1.5, 4.5, 5.5, 3]);
  });

  it('nearest rounds half up', () => {
    expect([...sampleRaster(small, translate(0.5, 0), 3, 2, { kernel: 'nearest' }).data]).toEqual([2, 3, 0, 5, 6, 0]);
    expect([...sampleRaster(small, translate(-0.5, 0), 3, 2, { kernel: 'nearest' }).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('reflection mirrors about the edges, or about the outer pixel centres with alignCorners', () => {
    const left = translate(-3, 0);
    close(sampleRaster(small, left, 3, 2, { padding: 'reflection' }).data, [3, 2, 1, 6, 5, 4]);
    close(sampleRaster(small, left, 3, 2, { padding: 'reflection', alignCorners: true }).data, [2, 3, 2, 5, 6, 5]);
  });

  it('attention with half the scale crops the middle half, enlarged', () => {
    const theta = toMatrix(families.attention, [0.5, 0.5, 0], { width: 4, height: 4 });
    expect(theta).toEqual([0.5, 0, 0.5, 0, 0.5, 0, 0, 0, 1]);
    const map = targetToSourcePixels(theta, { width: 4, height: 4 }, { width: 2, height: 2 });
    expect(applyPoint(map, 0, 0)).toEqual({ x: 2, y: 1 });
    expect(applyPoint(map, 2, 2)).toEqual({ x: 4, y: 3 });
  });

  it('compose(a, b) is a after b', () => {
    const moved = applyPoint(multiply(scale(2), translate(1, 0)), 0, 0);
    expect(moved).toEqual({ x: 2, y: 0 });
  });

  it('a positive angle turns the frame clockwise on screen', () => {
    const p = applyPoint(rotate(toRadians(degrees(90))), 1, 0);
    close([p.x, p.y], [0, 1], 1e-15);
  });
});

describe('rotation on a non-square image', () => {
  const image = { width: 400, height: 200 };

  it('keeps lengths and right angles in pixels', () => {
    const theta = toMatrix(families.rotation, [toRadians(degrees(30))], image);
    const map = targetToSourcePixels(theta, image, image);
    const o = applyPoint(map, 200, 100);
    const x = applyPoint(map, 300, 100);
    const y = applyPoint(map, 200, 200);
    close([o.x, o.y], [200, 100], 1e-10);
    close([x.x - o.x, x.y - o.y], [86.60254037844386, 50], 1e-10);
    close([y.x - o.x, y.y - o.y], [-50, 86.60254037844386], 1e-10);
  });

  it('a quarter turn moves the middle of the right side 200 pixels below the centre', () => {
    const theta = toMatrix(families.rotation, [Math.PI / 2], image);
    close(theta, [0, -0.5, 0, 2, 0, 0, 0, 0, 1], 1e-15);
  });

  it('a square crop of a wide image is a square of its pixels', () => {
    const theta = toMatrix(families.similarity, [0, 0, 0, 0], { ...image, canonicalAspect: 1 });
    expect(theta).toEqual([0.5, 0, 0, 0, 1, 0, 0, 0, 1]);
  });
});

describe('round trips of points', () => {
  const stored = { width: 6, height: 4 };
  /* Where the stored pixel point (1, 0.5), near the top left, lies in the oriented image. */
  const seen: Record<Orientation, readonly [number, number]> = {
    1: [1, 0.5],
    2: [5, 0.5],
    3: [5, 3.5],
    4: [1, 3.5],
    5: [0.5, 1],
    6: [3.5, 1],
    7: [3.5, 5],
    8: [0.5, 5],
  };

  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    it(`stored to oriented to unit to canonical and back, EXIF orientation ${orientation}`, () => {
      const size = orientedSize(orientation, stored);
      expect(size).toEqual(orientation < 5 ? { width: 6, height: 4 } : { width: 4, height: 6 });
      const p = applyPoint(storedToOriented(orientation, stored.width, stored.height), 1, 0.5);
      expect([p.x, p.y]).toEqual(seen[orientation]);

      const unit = pixelPointToUnit(pixelPoint(p.x, p.y), size);
      const theta = toMatrix(families.similarity, [0.4, -0.3, 0.1, -0.2], size);
      const canonical = unitPointToCanonical(unit, theta);
      const pixel = unitPointToPixel(canonicalPointToUnit(canonical, theta), size);
      const back = applyPoint(orientedToStored(orientation, stored.width, stored.height), pixel.x, pixel.y);
      close([back.x, back.y], [1, 0.5], 1e-12);
    });
  }

  it('unit coordinates and canonical coordinates have literal places', () => {
    expect(pixelPointToUnit(pixelPoint(1, 0.5), { width: 6, height: 4 }).y).toBe(-0.75);
    const theta = toMatrix(families.attention, [0.5, 0.25, -0.25], stored);
    expect(canonicalPointToUnit(canonicalPoint(1, 1), theta)).toEqual({ x: 0.75, y: 0.25 });
    expect(unitPointToCanonical(unitPoint(0.75, 0.25), theta)).toEqual({ x: 1, y: 1 });
  });
});
