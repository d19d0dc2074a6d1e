import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage, loadWorkRaster } from '../../../core/imaging/decode.ts';
import { inOrder } from '../../../core/imaging/batch.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { slope } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const encoders: Record<string, (image: Sharp) => Sharp> = {
  jpeg: (image) => image.jpeg({ quality: 80 }),
  progressive: (image) => image.jpeg({ quality: 80, progressive: true }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ quality: 80 }),
  lossless: (image) => image.webp({ lossless: true }),
  tiff: (image) => image.tiff({ compression: 'deflate' }),
  plain: (image) => image.tiff({ compression: 'none' }),
  gif: (image) => image.gif(),
  avif: (image) => image.avif({ quality: 40, effort: 0 }),
};

/** About this many cuts and mutations of each file, spread over its length. */
const tries = 120;

describe.each(Object.entries(encoders))('%s', (name, encode) => {
  it('cut anywhere is always a result', async () => {
    const whole = await encode(slope(24, 18)).toBuffer();
    const folder = temporaryFolder();
    const step = Math.max(1, Math.floor(whole.length / tries));
    const cuts = Array.from({ length: Math.ceil(whole.length / step) }, (_, i) => i * step);
    let refused = 0;
    for await (const { file: cut, result } of inOrder(cuts, (cut) => {
      const path = join(folder, `${cut}.jpg`);
      writeFileSync(path, whole.subarray(0, cut));
      return cut % 2 === 0 ? decodeImage(path) : loadWorkRaster(path, { maxSide: 8 });
    })) {
      if (!result.ok) {
        refused++;
        if (cut > 20) expect(result.code).toBe('truncated');
        expect(result.reason.length).toBeGreaterThan(20);
      } else {
        expect(cut).toBeGreaterThan(20);
        expect([result.value.info.width, result.value.info.height]).toEqual([24, 18]);
      }
    }
    /* An end mark alone may be missing without harm; pixels may not. */
    expect(refused).toBeGreaterThan(cuts.length * 0.8);
    expect(whole.length).toBeGreaterThan(100);
  });

  it('changed anywhere is always a result', async () => {
    const whole = await encode(slope(24, 18)).toBuffer();
    const folder = temporaryFolder();
    const random = createRandom(name.length);
    for (let i = 0; i < tries; i++) {
      const bytes = Buffer.from(whole);
      for (let k = 0; k < 4; k++) bytes[random.integer(bytes.length)] = random.integer(256);
      const path = join(folder, 'a.jpg');
      writeFileSync(path, bytes);
      const result = await decodeImage(path, { limits: { pixels: 1e7 }, allowDamage: i % 2 === 0 });
      expect(result.ok || result.reason.length > 20).toBe(true);
    }
  });
});
