import { describe, expect, it } from 'vitest';
import { targetToSourcePixels, unitToPixel } from '../../../core/geometry/frames.ts';
import {
  applyPoint,
  chain,
  invert,
  multiply,
  rotate,
  scale,
  translate,
  type Matrix3,
} from '../../../core/geometry/matrix.ts';
import { decodeImage } from '../../../core/imaging/decode.ts';
import { encodeRaster } from '../../../core/imaging/encode.ts';
import { warpFile } from '../../../core/imaging/warp.ts';
import { measureWarp } from '../../../core/geometry/warp-measure.ts';
import { sampleRaster } from '../../../core/stn/sample.ts';
import { draw, farthest, fileOf, pixel, slope, slopeColour, valueOf } from '../../support/pictures.ts';

const png = async (width: number, height: number) => fileOf('a.png', await slope(width, height).png().toBuffer());

/** Canonical to pixels: a crop about (x, y) whose half height is `half` pixels, turned by an angle. */
const crop = (x: number, y: number, half: number, angle = 0): Matrix3 =>
  chain(translate(x, y), rotate(angle), scale(half));

describe('a rendered crop', () => {
  it.each(['nearest', 'bilinear', 'bicubic'] as const)('by the identity is the image itself: %s', async (kernel) => {
    const path = await png(37, 23);
    const { raster } = valueOf(await decodeImage(path));
    const warped = valueOf(await warpFile(path, unitToPixel(37, 23), { width: 37, height: 23, kernel }));
    expect(
      farthest(
        warped.raster.data,
        Float32Array.from(raster.data, (v) => v / 255),
      ),
    ).toBeLessThan(1e-6);
    expect(warped.measure.outsideFraction).toBe(0);
    expect(warped.measure.effectiveResolution).toBeCloseTo(1, 6);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('lives in the oriented image: orientation %i', async (orientation) => {
    const bytes = await slope(60, 40).png().withMetadata({ orientation }).toBuffer();
    const path = await fileOf('a.png', bytes);
    const { info, raster } = valueOf(await decodeImage(path));
    const transform = crop(info.width * 0.6, info.height * 0.3, 8, 0.5);
    const warped = valueOf(await warpFile(path, transform, { width: 20, height: 20 }));
    const map = multiply(transform, invert(unitToPixel(20, 20)));
    expect(farthest(warped.raster.data, sampleRaster(raster, map, 20, 20).data)).toBeLessThan(1e-5);
    const upright = await fileOf('b.png', await encodeRaster(raster, { format: 'png' }));
    const reducing = crop(info.width * 0.6, info.height * 0.4, 14, 0.5);
    const [turned, plain] = [path, upright].map((file) => warpFile(file, reducing, { width: 10, height: 10 }));
    expect(farthest(valueOf(await turned).raster.data, valueOf(await plain).raster.data)).toBeLessThan(0.01);
  });

  it.each(['zeros', 'border', 'reflection'] as const)(
    'equals sampling the whole image, outside too: %s',
    async (outside) => {
      const path = await png(50, 30);
      const { raster } = valueOf(await decodeImage(path));
      for (const transform of [crop(2, 3, 12, 0.3), crop(49, 29, 15, -1), crop(-40, 10, 8), crop(25, 90, 9, 2)]) {
        const map = multiply(transform, invert(unitToPixel(40, 40)));
        for (const kernel of ['nearest', 'bilinear', 'bicubic'] as const) {
          const warped = valueOf(await warpFile(path, transform, { width: 40, height: 40, outside, kernel }));
          const whole = sampleRaster(raster, map, 40, 40, { padding: outside, kernel });
          expect(farthest(warped.raster.data, whole.data)).toBeLessThan(1e-5);
        }
      }
    },
  );

  it('follows a projective map and any function', async () => {
    const path = await png(80, 60);
    const { raster } = valueOf(await decodeImage(path));
    const projective = multiply(unitToPixel(80, 60), [0.7, 0.1, 0.05, -0.05, 0.6, 0.1, 0.1, -0.2, 1]);
    const map = multiply(projective, invert(unitToPixel(90, 90)));
    const warped = valueOf(await warpFile(path, projective, { width: 90, height: 90 }));
    expect(farthest(warped.raster.data, sampleRaster(raster, map, 90, 90).data)).toBeLessThan(1e-5);
    const same = valueOf(await warpFile(path, (x, y) => applyPoint(projective, x, y), { width: 90, height: 90 }));
    expect(farthest(warped.raster.data, same.raster.data)).toBeLessThan(1e-4);
    const bent = valueOf(
      await warpFile(path, (x, y) => ({ x: 40 + 30 * x, y: 30 + 20 * y + 4 * x * x }), { width: 41, height: 41 }),
    );
    const colour = slopeColour(40 / 80, 30 / 60).map((v) => v / 255);
    expect(farthest(pixel(bent.raster, 20, 20), colour)).toBeLessThan(0.01);
  });

  it('shows where a place of a large photograph is, reduced or not', async () => {
    for (const [width, height, format] of [
      [1600, 1200, 'jpeg'],
      [1601, 1203, 'jpeg'],
      [1601, 1203, 'webp'],
    ] as const) {
      const image = slope(width, height);
      const path = await fileOf(
        'a',
        await (format === 'jpeg' ? image.jpeg({ quality: 100 }) : image.webp({ quality: 100 })).toBuffer(),
      );
      const transform = crop(width * 0.55, height * 0.45, 500, 0.8);
      const { raster, measure } = valueOf(await warpFile(path, transform, { width: 100, height: 100 }));
      expect(measure.effectiveResolution).toBeCloseTo(10, 6);
      for (const [x, y] of [
        [20, 30],
        [50, 50],
        [90, 60],
      ]) {
        const p = applyPoint(transform, (x + 0.5) / 50 - 1, (y + 0.5) / 50 - 1);
        const colour = slopeColour(p.x / width, p.y / height).map((v) => v / 255);
        expect(farthest(pixel(raster, x, y), colour)).toBeLessThan(0.012);
      }
    }
  });

  it.each([1.3, 1.9, 2.5, 7.3])('turns a fine checkerboard into grey at %f pixels a step', async (step) => {
    const board = draw(600, 500, (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const path = await fileOf('a.png', await board.png().toBuffer());
    const size = 40;
    for (const angle of [0, 0.4]) {
      const { raster } = valueOf(
        await warpFile(path, crop(300, 250, (size * step) / 2, angle), { width: size, height: size }),
      );
      expect(raster.data.every((value) => Math.abs(value - 0.5) < 0.06)).toBe(true);
    }
  });

  it('reduces each axis by as much as it needs', async () => {
    const stripes = draw(600, 60, (_, y) => (y % 6 < 3 ? [255, 255, 255] : [0, 0, 0]));
    const path = await fileOf('a.png', await stripes.png().toBuffer());
    const { raster } = valueOf(await warpFile(path, unitToPixel(600, 60), { width: 60, height: 60 }));
    expect(pixel(raster, 30, 1)[0]).toBeGreaterThan(0.95);
    expect(pixel(raster, 30, 4)[0]).toBeLessThan(0.05);
  });

  it('comes back to the image by the inverse map', async () => {
    const path = await png(90, 90);
    const theta = chain(rotate(0.35), scale(0.8));
    const there = valueOf(
      await warpFile(path, multiply(unitToPixel(90, 90), theta), { width: 200, height: 200, kernel: 'bicubic' }),
    );
    const back = sampleRaster(
      there.raster,
      targetToSourcePixels(invert(theta), there.raster, { width: 90, height: 90 }),
      90,
      90,
    );
    for (const [x, y] of [
      [45, 45],
      [40, 60],
      [60, 38],
    ]) {
      expect(
        farthest(
          pixel(back, x, y),
          slopeColour((x + 0.5) / 90, (y + 0.5) / 90).map((v) => v / 255),
        ),
      ).toBeLessThan(0.006);
    }
  });
});

describe('transparency', () => {
  it('marks what lies outside and lets nothing bleed in', async () => {
    const path = await fileOf(
      'a.png',
      await draw(20, 20, () => [200, 100, 50])
        .png()
        .toBuffer(),
    );
    const { raster, measure } = valueOf(
      await warpFile(path, crop(0, 10, 5), { width: 33, height: 33, outside: 'transparent' }),
    );
    expect(raster.channels).toBe(4);
    expect(pixel(raster, 0, 16)).toEqual([0, 0, 0, 0]);
    expect(pixel(raster, 32, 16)[3]).toBe(1);
    for (let x = 0; x < 33; x++) {
      const [r, g, b, alpha] = pixel(raster, x, 16);
      if (alpha > 0) expect(farthest([r, g, b], [200 / 255, 100 / 255, 50 / 255])).toBeLessThan(1e-3);
    }
    expect(measure.outsideFraction).toBeCloseTo(0.5, 1);
    const bytes = await encodeRaster(raster, { format: 'png' });
    expect(pixel(valueOf(await decodeImage(await fileOf('b.png', bytes), { keepAlpha: true })).raster, 32, 16)).toEqual(
      [200, 100, 50, 255],
    );
  });

  it("keeps the image's own", async () => {
    const cutOut = draw(20, 20, (x) => (x < 10 ? [0, 0, 0, 0] : [255, 128, 64, 255]));
    const path = await fileOf('a.png', await cutOut.png().toBuffer());
    const clear = valueOf(
      await warpFile(path, unitToPixel(20, 20), { width: 41, height: 41, outside: 'transparent' }),
    ).raster;
    for (let x = 0; x < 41; x++) {
      const [r, , , alpha] = pixel(clear, x, 20);
      expect(alpha === 0 || r > 0.99).toBe(true);
    }
    const white = valueOf(await warpFile(path, unitToPixel(20, 20), { width: 20, height: 20 })).raster;
    expect(pixel(white, 2, 2)).toEqual([1, 1, 1]);
  });
});

it('keeps 16 bits through the warp', async () => {
  const path = await fileOf(
    'a.png',
    await draw(30, 20, (x, y) => [x * 2000 + 3, y * 3000 + 5, 777], 16)
      .png()
      .toBuffer(),
  );
  const warped = valueOf(await warpFile(path, unitToPixel(30, 20), { width: 30, height: 20, keepDepth: true }));
  const bytes = await encodeRaster(warped.raster, { format: 'tiff', depth: 16 });
  const back = valueOf(await decodeImage(await fileOf('b.tif', bytes), { keepDepth: true })).raster;
  expect(pixel(back, 17, 11)).toEqual([34003, 33005, 777]);
});

it('reports broken files as results', async () => {
  const whole = await slope(80, 60).jpeg().toBuffer();
  const path = await fileOf('a.jpg', whole.subarray(0, whole.length - 100));
  expect(await warpFile(path, unitToPixel(80, 60), { width: 8, height: 8 })).toMatchObject({
    ok: false,
    code: 'truncated',
  });
});

describe('what a crop takes', () => {
  const source = { width: 200, height: 100 };
  const size = { width: 64, height: 64 };

  it('is measured exactly for affine maps', () => {
    const found = measureWarp(crop(100, 50, 16, 0.7), source, size);
    expect(found.effectiveResolution).toBeCloseTo(0.5, 9);
    expect(found.stepX).toBeCloseTo(0.5, 9);
    expect(found.outsideFraction).toBe(0);
    expect(measureWarp(unitToPixel(200, 100), source, size).stepX).toBeCloseTo(200 / 64, 9);
    expect(measureWarp(unitToPixel(200, 100), source, size).bounds).toEqual({ xmin: 0, ymin: 0, xmax: 200, ymax: 100 });
  });

  it.each([
    [crop(0, 50, 20), 0.5],
    [crop(0, 0, 20), 0.75],
    [crop(-100, 0, 20), 1],
    [multiply(unitToPixel(200, 100), scale(2)), 0.75],
  ] as const)('says how much lies outside', (transform, outside) => {
    expect(measureWarp(transform, source, size).outsideFraction).toBeCloseTo(outside, 2);
  });

  it('is finite even where the map is not', () => {
    const found = measureWarp(() => ({ x: NaN, y: 0 }), source, size);
    expect(found).toMatchObject({ outsideFraction: 1, effectiveResolution: 1 });
    expect(Number.isFinite(measureWarp(scale(0), source, size).effectiveResolution)).toBe(true);
  });
});
