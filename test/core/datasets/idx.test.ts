import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readIdxFile, readIdxImages } from '../../../core/datasets/idx.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { CongealError } from '../../../core/contract/errors.ts';
import { suiteFolder } from '../../support/collection.ts';

const folder = suiteFolder();

function idx(sizes: readonly number[], data: readonly number[], kind = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, kind, sizes.length]);
  for (const [axis, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([header, Buffer.from(data)]);
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const images = idx([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = idx([2], [3, 1]);

describe('readIdxImages', () => {
  it('reads plain and gzipped files alike, with one channel or several', async () => {
    for (const [i, l] of [
      [images, labels],
      [gzipSync(images), gzipSync(labels)],
    ]) {
      const read = await readIdxImages(written('i', i), written('l', l));
      expect(read).toMatchObject({ count: 2, channels: 1, height: 2, width: 3 });
      expect([...read.pixels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect([...read.labels]).toEqual([3, 1]);
    }
    const colours = idx([1, 3, 1, 2], [1, 2, 3, 4, 5, 6]);
    expect(await readIdxImages(written('c', colours), written('one', idx([1], [0])))).toMatchObject({
      channels: 3,
      height: 1,
      width: 2,
    });
  });

  it.each<[string, Buffer, Buffer, RegExp]>([
    ['labels in place of images', labels, images, /1 axes.*wrong way round/],
    ['fewer labels than images', images, idx([1], [3]), /has 1 labels, expected 2/],
    ['a file that was cut short', images.subarray(0, 20), labels, /holds 4 elements, expected 12 \(2 x 2 x 3\)/],
    ['a file with more than it says', Buffer.concat([images, Buffer.from([1])]), labels, /holds 13 elements/],
    ['floats', idx([2, 2, 3], Array<number>(48).fill(0), 0x0d), labels, /holds 32-bit floats, expected unsigned bytes/],
    ['something else', Buffer.from('\u0089PNG....'), labels, /begins with/],
    ['an empty file', Buffer.alloc(0), labels, /begins with nothing/],
    ['sizes that no memory holds', idx([4294967295, 4294967295, 4294967295], []), labels, /holds 0 elements/],
    ['too many axes', Buffer.from([0, 0, 8, 200, 0, 0]), labels, /header of 200 axes/],
    [
      'a damaged archive',
      Buffer.concat([gzipSync(images).subarray(0, 20), Buffer.from('xyz')]),
      labels,
      /gzipped, but cannot be unpacked/,
    ],
    ['no pictures', idx([0, 2, 3], []), idx([0], []), /holds no pictures/],
  ])('refuses %s and names the file', async (_what, i, l, message) => {
    await expect(readIdxImages(written('i', i), written('l', l))).rejects.toThrow(message);
  });

  it('says which file is missing', async () => {
    await expect(readIdxImages(join(folder, 'nowhere'), written('l', labels))).rejects.toMatchObject({
      code: 'input-missing',
    });
  });

  it('never fails in another way, whatever the bytes', async () => {
    const random = createRandom(7);
    const base = [images, gzipSync(images)];
    for (let n = 0; n < 300; n++) {
      const bytes = Buffer.from(base[n % 2]);
      for (let k = 0; k <= n % 4; k++) bytes[random.integer(bytes.length)] = random.integer(256);
      const path = written('mutated', bytes.subarray(0, random.integer(bytes.length + 1)));
      const error = await readIdxFile(path).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(CongealError);
    }
  });
});
