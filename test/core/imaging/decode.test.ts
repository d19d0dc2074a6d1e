import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { storedToOriented, type Orientation } from '../../../core/geometry/frames.ts';
import { applyPoint } from '../../../core/geometry/matrix.ts';
import { decodeImage, loadWorkRaster, readImageInfo } from '../../../core/imaging/decode.ts';
import { draw, farthest, fileOf, pixel, slope, slopeColour, valueOf } from '../../support/pictures.ts';
import { hasShared, shared } from '../../support/shared.ts';

describe('formats', () => {
  it.each([
    ['jpeg', 3, (image: Sharp) => image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' })],
    ['png', 0, (image: Sharp) => image.png()],
    ['webp', 0, (image: Sharp) => image.webp({ lossless: true })],
    ['tiff', 0, (image: Sharp) => image.tiff({ compression: 'lzw' })],
    ['gif', 24, (image: Sharp) => image.gif({ dither: 0 })],
    ['avif', 6, (image: Sharp) => image.avif({ quality: 100, chromaSubsampling: '4:4:4' })],
  ] as const)('%s decodes to the pixels that were drawn', async (format, tolerance, encode) => {
    const path = await fileOf('picture.jpg', await encode(slope(37, 23)).toBuffer());
    const { info, raster } = valueOf(await decodeImage(path));
    expect(info).toMatchObject({ format, width: 37, height: 23, storedWidth: 37, orientation: 1, depth: 8 });
    expect(info.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect(info.bytes).toBe(readFileSync(path).length);
    expect([raster.width, raster.height, raster.channels]).toEqual([37, 23, 3]);
    for (const [x, y] of [
      [0, 0],
      [36, 0],
      [0, 22],
      [36, 22],
      [17, 9],
    ]) {
      expect(farthest(pixel(raster, x, y), slopeColour((x + 0.5) / 37, (y + 0.5) / 23))).toBeLessThanOrEqual(tolerance);
    }
  });

  it('shows the first frame of an animation', async () => {
    const frame = (value: number) =>
      draw(8, 6, () => [value, value, value])
        .png()
        .toBuffer();
    const frames = await Promise.all([10, 200, 90].map(frame));
    const path = await fileOf(
      'film.gif',
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    );
    const { info, raster } = valueOf(await decodeImage(path));
    expect([info.width, info.height]).toEqual([8, 6]);
    expect(pixel(raster, 4, 3)).toEqual([10, 10, 10]);
  });
});

describe('orientation', () => {
  const stored = { width: 20, height: 12 };

  it.each([1, 2, 3, 4, 5, 6, 7, 8] as Orientation[])('%i is applied exactly once', async (orientation) => {
    const bytes = await slope(stored.width, stored.height)
      .tiff({ compression: 'lzw' })
      .withMetadata({ orientation })
      .toBuffer();
    const path = await fileOf('turned.tif', bytes);
    const { info, raster } = valueOf(await decodeImage(path));
    expect(info.orientation).toBe(orientation);
    expect([info.storedWidth, info.storedHeight]).toEqual([20, 12]);
    expect([info.width, info.height]).toEqual(orientation >= 5 ? [12, 20] : [20, 12]);
    expect([raster.width, raster.height]).toEqual([info.width, info.height]);
    const turn = storedToOriented(orientation, stored.width, stored.height);
    for (const [x, y] of [
      [0, 0],
      [19, 0],
      [0, 11],
      [7, 4],
    ]) {
      const seen = applyPoint(turn, x + 0.5, y + 0.5);
      const colour = slopeColour((x + 0.5) / 20, (y + 0.5) / 12);
      expect(pixel(raster, Math.floor(seen.x), Math.floor(seen.y))).toEqual([...colour]);
    }
  });

  it('6 puts the stored top-left pixel at the top right', async () => {
    const picture = draw(4, 3, (x, y) => (x === 0 && y === 0 ? [255, 0, 0] : [0, 0, 255]));
    const path = await fileOf('a.png', await picture.png().withMetadata({ orientation: 6 }).toBuffer());
    const { raster } = valueOf(await decodeImage(path));
    expect([raster.width, raster.height]).toEqual([3, 4]);
    expect(pixel(raster, 2, 0)).toEqual([255, 0, 0]);
    expect(pixel(raster, 0, 0)).toEqual([0, 0, 255]);
  });

  it.each([5, 6, 8] as Orientation[])('%i holds for small copies too', async (orientation) => {
    const bytes = await slope(640, 320).jpeg({ quality: 100 }).withMetadata({ orientation }).toBuffer();
    const path = await fileOf('turned.jpg', bytes);
    const { raster } = valueOf(await loadWorkRaster(path, { maxSide: 64 }));
    expect([raster.width, raster.height]).toEqual([32, 64]);
    const turn = storedToOriented(orientation, 64, 32);
    const seen = applyPoint(turn, 50.5, 6.5);
    const found = pixel(raster, Math.floor(seen.x), Math.floor(seen.y));
    expect(farthest(found, slopeColour(50.5 / 64, 6.5 / 32))).toBeLessThanOrEqual(4);
  });

  it.each([
    [0, 0],
    [9, 9],
    [NaN, 'wrong type'],
  ])('%s in the file counts as 1 and is recorded', async (value, recorded) => {
    const bytes = await slope(20, 12).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const at = bytes.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00]));
    expect(at).toBeGreaterThan(0);
    if (Number.isNaN(value)) bytes[at + 2] = 9;
    else bytes[at + 8] = value;
    const info = valueOf(await readImageInfo(await fileOf('odd.jpg', bytes)));
    expect(info).toMatchObject({ orientation: 1, illegalOrientation: recorded, width: 20, height: 12 });
  });
});

describe('colours', () => {
  it('are brought from their profile to sRGB, with 8 and with 16 bits', async () => {
    const colour = [156, 78, 58];
    const eight = await draw(9, 9, () => colour)
      .png()
      .withIccProfile('p3')
      .toBuffer();
    const stored = await sharp(eight, { ignoreIcc: true }).raw().toBuffer();
    expect(farthest(stored.subarray(0, 3), colour)).toBeGreaterThan(5);
    const path = await fileOf('p3.png', eight);
    expect(valueOf(await readImageInfo(path)).hasProfile).toBe(true);
    expect(farthest(pixel(valueOf(await decodeImage(path)).raster, 4, 4), colour)).toBeLessThanOrEqual(1);

    const wide = await draw(9, 9, () => [40000, 20000, 15000], 16)
      .png()
      .withIccProfile('srgb')
      .toBuffer();
    const kept = await sharp(wide, { ignoreIcc: true }).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer();
    const expected = new Uint16Array(kept.buffer, kept.byteOffset, 3);
    const found = valueOf(await decodeImage(await fileOf('wide.png', wide), { keepDepth: true })).raster;
    expect(farthest(pixel(found, 4, 4), expected)).toBeLessThan(10);
  });

  it('of grey images are RGB', async () => {
    const path = await fileOf(
      'grey.png',
      await draw(5, 4, (x) => [x * 40])
        .toColourspace('b-w')
        .png()
        .toBuffer(),
    );
    const { info, raster } = valueOf(await decodeImage(path));
    expect(info.channels).toBe(1);
    expect(pixel(raster, 3, 1)).toEqual([120, 120, 120]);
  });

  it('of CMYK images are RGB', async () => {
    const bytes = await draw(16, 16, () => [200, 60, 50])
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    const { info, raster } = valueOf(await decodeImage(await fileOf('print.jpg', bytes)));
    expect(info.channels).toBe(4);
    expect(info.hasAlpha).toBe(false);
    expect(raster.channels).toBe(3);
    expect(farthest(pixel(raster, 8, 8), [200, 60, 50])).toBeLessThan(30);
  });

  it('of transparent images lie over white, or keep their alpha', async () => {
    const path = await fileOf(
      'cut-out.png',
      await draw(6, 6, (x) => [255, 0, 0, x < 3 ? 0 : 128])
        .png()
        .toBuffer(),
    );
    const flat = valueOf(await decodeImage(path));
    expect(flat.info.hasAlpha).toBe(true);
    expect(pixel(flat.raster, 0, 0)).toEqual([255, 255, 255]);
    expect(farthest(pixel(flat.raster, 5, 0), [255, 127, 127])).toBeLessThanOrEqual(1);
    expect(pixel(valueOf(await decodeImage(path, { keepAlpha: true })).raster, 5, 0)).toEqual([255, 0, 0, 128]);
    const grey = await fileOf(
      'grey.png',
      await draw(6, 6, () => [90, 255])
        .toColourspace('b-w')
        .png()
        .toBuffer(),
    );
    expect(pixel(valueOf(await decodeImage(grey)).raster, 5, 0)).toEqual([90, 90, 90]);
  });

  it.each([
    ['png', (image: Sharp) => image.png()],
    ['tiff', (image: Sharp) => image.tiff({ compression: 'lzw' })],
  ])('keep 16 bits from %s when asked', async (_, encode) => {
    const path = await fileOf('deep', await encode(draw(7, 5, (x, y) => [x * 9001, y * 12345, 4321], 16)).toBuffer());
    const deep = valueOf(await decodeImage(path, { keepDepth: true }));
    expect(deep.info.depth).toBe(16);
    expect(deep.raster.data).toBeInstanceOf(Uint16Array);
    expect(pixel(deep.raster, 6, 4)).toEqual([54006, 49380, 4321]);
    expect(pixel(valueOf(await decodeImage(path)).raster, 6, 4)).toEqual([54006 >> 8, 49380 >> 8, 4321 >> 8]);
    const grey = await fileOf('grey', await encode(draw(7, 5, (x) => [x * 9001], 16)).toBuffer());
    expect(pixel(valueOf(await decodeImage(grey, { keepDepth: true })).raster, 6, 4)).toEqual([54006, 54006, 54006]);
  });
});

describe('small copies', () => {
  it.each([
    [4000, 3000, 256, 192],
    [4007, 31, 256, 2],
    [1, 4000, 1, 256],
    [4000, 1, 256, 1],
    [100, 60, 100, 60],
    [1, 1, 1, 1],
  ])('of %i x %i are %i x %i', async (width, height, w, h) => {
    const { info, raster } = valueOf(
      await loadWorkRaster(await fileOf('a.jpg', await slope(width, height).jpeg().toBuffer())),
    );
    expect([info.width, info.height]).toEqual([width, height]);
    expect([raster.width, raster.height, raster.channels]).toEqual([w, h, 3]);
    expect(raster.data).toBeInstanceOf(Uint8Array);
  });

  it.each([4000, 4001, 4007])('are not shifted by fast decoding of %i columns', async (width) => {
    const picture = draw(width, 64, (x) => (x >= 3900 && x < 3960 ? [255, 255, 255] : [0, 0, 0]));
    const path = await fileOf('a.jpg', await picture.jpeg({ quality: 100 }).toBuffer());
    const { raster } = valueOf(await loadWorkRaster(path));
    let [weight, sum] = [0, 0];
    for (let x = 0; x < raster.width; x++) {
      weight += raster.data[x];
      sum += raster.data[x] * (x + 0.5);
    }
    expect(Math.abs(sum / weight - (3930 * 256) / width)).toBeLessThan(0.05);
  });

  it('turn a fine checkerboard into grey', async () => {
    const board = draw(1000, 800, (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const { raster } = valueOf(
      await loadWorkRaster(await fileOf('a.png', await board.png().toBuffer()), { maxSide: 90 }),
    );
    expect(raster.data.every((value) => Math.abs(value - 127.5) < 12)).toBe(true);
  });
});

describe.skipIf(!hasShared)('photographs', () => {
  it('with bytes after their end, with wrong names and odd tags are decoded', async () => {
    for (const name of ['00021', '00053', '00056', '00076', '00103']) {
      expect((await decodeImage(shared(`data/kangaroo/images/${name}.jpg`))).ok).toBe(true);
    }
    expect(valueOf(await readImageInfo(shared('data/kangaroo/images/00076.jpg'))).illegalOrientation).toBe(0);
    expect(valueOf(await readImageInfo(shared('data/kangaroo/images/00103.jpg'))).illegalOrientation).toBe(
      'wrong type',
    );
  });

  it('that end too early are said to', async () => {
    const path = shared('data/kangaroo/images/00090.jpg');
    expect(await loadWorkRaster(path)).toMatchObject({ ok: false, code: 'truncated' });
    expect(await decodeImage(path)).toMatchObject({ ok: false, code: 'truncated' });
    expect((await decodeImage(path, { allowDamage: true })).ok).toBe(true);
  });
});
