import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../core/imaging/decode.ts';
import { encodeRaster, makeThumbnail, toDataUri, type OutputFormat } from '../../../core/imaging/encode.ts';
import type { Raster } from '../../../core/stn/raster.ts';
import { farthest, fileOf, pixel, slope, valueOf } from '../../support/pictures.ts';

/** A raster of smooth values, 0..full, without symmetry. */
function smooth(channels: number, depth: 8 | 16 | 'float'): Raster {
  const [width, height] = [19, 11];
  const make = { 8: Uint8Array, 16: Uint16Array, float: Float32Array }[depth];
  const full = { 8: 255, 16: 65535, float: 1 }[depth];
  const data = new make(channels * width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / width / height)];
    data[i] = (full * (x + 2 * y + 3 * c + 9)) / 70;
  }
  return { width, height, channels, data };
}

describe('encoding', () => {
  it.each(['png', 'tiff', 'webp'] as const)('%s gives back the very same 8-bit pixels', async (format) => {
    const raster = smooth(3, 8);
    const bytes = await encodeRaster(raster, { format, lossless: true });
    expect(valueOf(await decodeImage(await fileOf('a', bytes))).raster).toEqual(raster);
    expect(bytes.equals(await encodeRaster(raster, { format, lossless: true }))).toBe(true);
  });

  it.each(['png', 'tiff'] as const)('%s gives back the very same 16-bit pixels', async (format) => {
    const raster = smooth(3, 16);
    const path = await fileOf('a', await encodeRaster(raster, { format }));
    expect(valueOf(await decodeImage(path, { keepDepth: true })).raster).toEqual(raster);
  });

  it.each([1, 2, 3, 4])('writes %i channels', async (channels) => {
    for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const found = await sharp(await encodeRaster(smooth(channels, 'float'), { format })).metadata();
      expect([found.width, found.height, found.depth]).toEqual([19, 11, 'uchar']);
      expect(found.hasAlpha).toBe(format !== 'jpeg' && channels % 2 === 0);
      expect([found.exif, found.icc, found.xmp, found.iptc]).toEqual([undefined, undefined, undefined, undefined]);
    }
  });

  it('rounds and clamps floats', async () => {
    const data = Float32Array.from([-1, 0, 0.5, 1, 2, NaN]);
    const bytes = await encodeRaster({ width: 6, height: 1, channels: 1, data }, { format: 'png' });
    const { raster } = valueOf(await decodeImage(await fileOf('a', bytes)));
    expect([...raster.data.subarray(0, 6)]).toEqual([0, 0, 128, 255, 255, 0]);
  });

  it('makes smaller files at lower quality', async () => {
    for (const format of ['jpeg', 'webp'] as const) {
      const high = await encodeRaster(smooth(3, 8), { format, quality: 95 });
      const low = await encodeRaster(smooth(3, 8), { format, quality: 20 });
      expect(low.length).toBeLessThan(high.length);
    }
  });

  it('refuses what is no picture', async () => {
    await expect(encodeRaster(smooth(5, 8), { format: 'png' })).rejects.toThrow(RangeError);
  });

  it('writes addresses that hold the file', () => {
    const address = toDataUri(Uint8Array.from([1, 2, 255]), 'webp' satisfies OutputFormat);
    expect(address).toBe('data:image/webp;base64,AQL/');
  });
});

describe('thumbnails', () => {
  it('are oriented and small', async () => {
    const path = await fileOf('a.jpg', await slope(400, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer());
    for (const format of ['webp', 'jpeg'] as const) {
      const bytes = valueOf(await makeThumbnail(path, { maxSide: 64, format, quality: 90 }));
      const { info, raster } = valueOf(await decodeImage(await fileOf('t', bytes)));
      expect([info.format, info.width, info.height, info.orientation]).toEqual([format, 32, 64, 1]);
      expect(farthest(pixel(raster, 31, 0), [30, 30, 40])).toBeLessThan(12);
    }
  });

  it('of broken files are failures', async () => {
    expect(await makeThumbnail(await fileOf('a.jpg', 'text'))).toMatchObject({ ok: false, code: 'not-an-image' });
  });
});
