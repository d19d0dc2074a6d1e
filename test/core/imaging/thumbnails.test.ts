import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { hashDistance } from '../../../core/imaging/perceptual-hash.ts';
import { glanceAt } from '../../../core/imaging/thumbnails.ts';
import { draw, farthest, fileOf, slope, slopeColour, valueOf } from '../../support/pictures.ts';

const sides = [64, 256, 512];

async function pixelsOf(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return {
    info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

describe('thumbnails', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stand upright whatever the orientation (%i)', async (orientation) => {
    const upright = await slope(1001, 701).png().toBuffer();
    const swapped = orientation >= 5;
    const back = [1, 2, 3, 4, 5, 8, 7, 6][orientation - 1];
    const stored = await sharp(await sharp(upright).withMetadata({ orientation: back }).png().toBuffer())
      .autoOrient()
      .png()
      .toBuffer();
    const bytes = await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
    const path = await fileOf('turned.jpg', bytes);
    const { info, thumbnails } = valueOf(await glanceAt(path, sides));
    expect([info.width, info.height]).toEqual([1001, 701]);
    expect([info.storedWidth, info.storedHeight]).toEqual(swapped ? [701, 1001] : [1001, 701]);
    expect(info.sha256).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(thumbnails.map(({ side, width, height }) => [side, width, height])).toEqual([
      [64, 64, 45],
      [256, 256, 179],
      [512, 512, 359],
    ]);
    for (const { width, height, bytes } of thumbnails) {
      const { at, info } = await pixelsOf(bytes);
      expect([info.width, info.height]).toEqual([width, height]);
      for (const [x, y] of [
        [2, 2],
        [width - 3, 2],
        [2, height - 3],
        [width - 3, height - 3],
      ])
        expect(farthest(at(x, y), slopeColour((x + 0.5) / width, (y + 0.5) / height))).toBeLessThan(12);
    }
  });

  it('keep the size of smaller images and lay transparent ones over white', async () => {
    const path = await fileOf(
      'clear.png',
      await draw(40, 30, () => [10, 20, 30, 0])
        .png()
        .toBuffer(),
    );
    const { thumbnails, perceptualHash } = valueOf(await glanceAt(path, sides));
    expect(thumbnails.map(({ width, height }) => [width, height])).toEqual([
      [40, 30],
      [40, 30],
      [40, 30],
    ]);
    expect((await pixelsOf(thumbnails[0].bytes)).at(20, 15)).toEqual([255, 255, 255]);
    expect(perceptualHash).toBeNull();
  });

  it.each([
    ['grey', draw(90, 70, (x) => [x]).png()],
    ['16 bits', draw(90, 70, (x, y) => [x * 600, y * 600, 9000], 16).png()],
    ['one pixel', draw(1, 1, () => [1, 2, 3]).png()],
    ['a line', draw(900, 1, (x) => [x & 255, 0, 0]).png()],
  ])('come from images of any kind: %s', async (_kind, image) => {
    const { thumbnails } = valueOf(await glanceAt(await fileOf('any.png', await image.toBuffer()), sides));
    expect(thumbnails).toHaveLength(3);
  });

  it('say why there are none of a file that is cut', async () => {
    const whole = await slope(800, 600).jpeg().toBuffer();
    const path = await fileOf('cut.jpg', whole.subarray(0, whole.length / 2));
    expect(await glanceAt(path, sides)).toMatchObject({ ok: false, code: 'truncated' });
    expect(await glanceAt(path, sides, { allowDamage: true })).toMatchObject({ ok: true });
  });
});

describe('perceptual hashes', () => {
  const scene = (seed: number) => {
    const random = createRandom(seed);
    const cells = Uint8Array.from({ length: 16 * 12 * 3 }, () => random.integer(256));
    return sharp(cells, { raw: { width: 16, height: 12, channels: 3 } }).resize(640, 480, { fit: 'fill' });
  };
  const hashOf = async (bytes: Buffer) => {
    const { perceptualHash } = valueOf(await glanceAt(await fileOf('hashed.jpg', bytes), sides));
    if (perceptualHash === null) throw new Error('expected a hash');
    return perceptualHash;
  };

  it('hardly change with size, compression and light, and differ between pictures', async () => {
    const png = await scene(11).png().toBuffer();
    const hash = await hashOf(png);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    const variants = [
      sharp(png).jpeg({ quality: 30 }),
      sharp(png).resize(200, 150).jpeg({ quality: 80 }),
      sharp(png).linear(0.9, 12).jpeg(),
      sharp(png).resize(1280, 960).webp({ quality: 60 }),
    ];
    for (const variant of variants) expect(hashDistance(hash, await hashOf(await variant.toBuffer()))).toBeLessThan(7);
    for (const seed of [2, 5, 20, 33])
      expect(hashDistance(hash, await hashOf(await scene(seed).png().toBuffer()))).toBeGreaterThan(12);
  });

  it('count the bits in which they differ', () => {
    expect(hashDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hashDistance('8000000000000001', '0000000000000000')).toBe(2);
  });
});
