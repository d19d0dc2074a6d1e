import { describe, expect, it } from 'vitest';
import { groupImages, type ComparedImage } from '../../../core/compute/group-images.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { hashDistance } from '../../../core/imaging/perceptual-hash.ts';

const { signal } = new AbortController();

/** Images whose hashes lie in clouds: each of `scenes` random hashes with a few of its bits turned. */
function clouds(seed: number, scenes: number, each: number, turned: number): ComparedImage[] {
  const random = createRandom(seed);
  return Array.from({ length: scenes }, () => Array.from({ length: 64 }, () => random.integer(2))).flatMap(
    (bits, scene) =>
      Array.from({ length: each }, (_, k) => {
        const own = [...bits];
        for (let n = random.integer(turned + 1); n > 0; n--) own[random.integer(64)] ^= 1;
        const digits = BigInt(`0b${own.join('')}`)
          .toString(16)
          .padStart(16, '0');
        return { id: scene * each + k + 1, sha256: `${scene}-${k}`, perceptualHash: digits, takenAt: null };
      }),
  );
}

/** Groups by comparing every pair. */
function slowly(images: readonly ComparedImage[], distance: number): number[][] {
  const group = images.map((_, i) => i);
  for (let i = 0; i < images.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [images[i].perceptualHash, images[j].perceptualHash];
      if (a === null || b === null || hashDistance(a, b) > distance) continue;
      const [from, to] = [group[i], group[j]];
      group.forEach((g, k) => {
        if (g === from) group[k] = to;
      });
    }
  return [...Map.groupBy(images, (_, i) => group[i]).values()]
    .filter((members) => members.length > 1)
    .map((members) => members.map(({ id }) => id));
}

const sorted = (groups: readonly (readonly number[])[]) => groups.map((g) => [...g]).sort((a, b) => a[0] - b[0]);

describe('duplicates', () => {
  it.each([0, 3, 6, 11])('are the same as by comparing every pair (distance %i)', async (distance) => {
    const images = clouds(distance + 1, 60, 8, 9);
    const { duplicates } = await groupImages({ images, near: true, distance, seconds: 2 }, { signal });
    expect(sorted(duplicates)).toEqual(sorted(slowly(images, distance)));
  });

  it('are only the same bytes where looks do not count', async () => {
    const images = clouds(5, 3, 3, 0).map((image, i) => ({ ...image, sha256: i < 2 ? 'same' : image.sha256 }));
    const found = await groupImages({ images, near: false, distance: 6, seconds: 2 }, { signal });
    expect(found.duplicates).toEqual([[1, 2]]);
    const near = await groupImages({ images, near: true, distance: 0, seconds: 2 }, { signal });
    expect(sorted(near.duplicates)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
  });

  it('do not take images that have nothing to be compared by', async () => {
    const images = clouds(5, 1, 4, 0).map((image) => ({ ...image, perceptualHash: null }));
    expect(await groupImages({ images, near: true, distance: 32, seconds: 2 }, { signal })).toEqual({
      duplicates: [],
      bursts: [],
    });
  });

  it('are found among 100,000 images in far fewer than all pairs', async () => {
    const images = clouds(9, 50_000, 2, 3);
    const { duplicates } = await groupImages({ images, near: true, distance: 6, seconds: 2 }, { signal });
    expect(duplicates).toHaveLength(50_000);
  });

  it('end when nobody wants them any more', async () => {
    const stop = new AbortController();
    const grouping = groupImages({ images: clouds(9, 20_000, 2, 4), near: true, distance: 6, seconds: 2 }, stop);
    stop.abort(new Error('enough'));
    await expect(grouping).rejects.toThrow('enough');
  });
});

describe('bursts', () => {
  const at = (id: number, seconds: number, perceptualHash: string | null): ComparedImage => ({
    id,
    sha256: String(id),
    perceptualHash,
    takenAt: seconds * 1000,
  });

  it('are pictures of one scene that follow each other', async () => {
    const [a, b] = ['00000000ffffffff', 'ffffffff00000000'];
    const images = [at(5, 11.5, a), at(1, 10, a), at(2, 13, a), at(3, 16, a), at(4, 14, b), at(6, 15, null)];
    const { bursts } = await groupImages({ images, near: true, distance: 0, seconds: 2 }, { signal });
    expect(bursts).toEqual([
      [1, 2, 5],
      [3, 4, 6],
    ]);
  });
});
