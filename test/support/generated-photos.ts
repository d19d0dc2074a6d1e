import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../../core/geometry/random.ts';

/** Sizes of the photos in pixels, in the order in which they take turns: half of them have 12 megapixels. */
const sizes = [
  [4000, 3000],
  [3000, 2000],
  [3000, 4000],
  [1600, 1200],
  [4000, 3000],
  [800, 600],
  [4032, 3024],
  [2048, 1536],
] as const;

/** What was drawn before in this process. */
const drawnBySeed: Record<number, Buffer[]> = {};

/**
 * Writes JPEG files with the detail of photos, of 12 megapixels and less. A few are drawn; all others are copies with a
 * comment of their own, so that every file has other bytes and costs as much to decode as a photo does.
 */
export async function writePhotos(
  folder: string,
  count: number,
  { seed, first = 0 }: { readonly seed: number; readonly first?: number },
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const drawn = (drawnBySeed[seed] ??= []);
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const path = join(folder, `photo-${String(i).padStart(5, '0')}.jpg`);
    paths.push(path);
    const turn = i % sizes.length;
    const [width, height] = sizes[turn];
    if (drawn.length <= turn) drawn.push(await drawPhoto(width, height, seed + turn));
    writeFileSync(path, withComment(drawn[turn], `photo ${first + i} of seed ${seed}`));
  }
  return paths;
}

/** Blots of colour of several sizes over each other, with a little grain. */
async function drawPhoto(width: number, height: number, seed: number): Promise<Buffer> {
  const random = createRandom(seed);
  const blots = (columns: number, rows: number) =>
    sharp(
      Uint8Array.from({ length: columns * rows * 3 }, () => random.integer(256)),
      { raw: { width: columns, height: rows, channels: 3 } },
    ).resize(width, height, { fit: 'fill', kernel: 'cubic' });
  const fine = await blots(Math.ceil(width / 24), Math.ceil(height / 24))
    .png({ compressionLevel: 1 })
    .toBuffer();
  const grain = await blots(Math.ceil(width / 5), Math.ceil(height / 5))
    .png({ compressionLevel: 1 })
    .toBuffer();
  const coarse = await blots(16, 12).png({ compressionLevel: 1 }).toBuffer();
  return await sharp(coarse)
    .composite([
      { input: fine, blend: 'soft-light' },
      { input: grain, blend: 'soft-light' },
    ])
    .removeAlpha()
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** The same JPEG file with a comment after its first two bytes. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)]);
}
