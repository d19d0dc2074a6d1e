import { countBits, hashDistance } from '../imaging/perceptual-hash.ts';
import type { JobContext } from './job.ts';

/** What images are compared by. */
export interface ComparedImage {
  readonly id: number;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** 16 hexadecimal digits; null where an image cannot be compared by its looks. */
  readonly perceptualHash: string | null;
  /** Milliseconds; null where it is not known when the picture was taken. */
  readonly takenAt: number | null;
}

/** Images to be compared. `distance`: bits of 64 in which hashes of the same may differ; `seconds`: longest pause of a burst. */
export interface GroupRequest {
  readonly images: readonly ComparedImage[];
  readonly near: boolean;
  readonly distance: number;
  readonly seconds: number;
}

/** Groups of two or more images each, by id, ascending. */
export interface ImageGroups {
  /** The same bytes or, where asked for, the same picture to the eye. */
  readonly duplicates: readonly (readonly number[])[];
  /** Taken in one go, of the same scene. */
  readonly bursts: readonly (readonly number[])[];
}

/** Pictures of one burst differ by hand movement: their hashes may differ in so many more bits than those of duplicates. */
const burstDistance = 20;

/** Members of one bucket are compared with so many of those that follow; larger buckets hold one scene or empty pictures. */
const mostNeighbours = 64;

const chunks = 4;
const chunkBits = 16;

/** Finds images that show the same, and bursts, in far fewer than all pairs. */
export async function groupImages(
  { images, near, distance, seconds }: GroupRequest,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<ImageGroups> {
  const same = createUnion(images.length);
  joinEqual(images, same);
  if (near) await joinNear(images, distance, same, signal);
  return { duplicates: same.groups(images), bursts: findBursts(images, seconds) };
}

function joinEqual(images: readonly ComparedImage[], same: Union): void {
  const first = new Map<string, number>();
  images.forEach(({ sha256 }, index) => {
    const known = first.get(sha256);
    if (known === undefined) first.set(sha256, index);
    else same.join(known, index);
  });
}

/**
 * Joins images whose hashes differ in few bits. Hashes that differ in at most 4 r + 3 bits differ in at most r bits of one
 * of four parts of 16 bits, so that each image meets only those that have a part within r bits of its own. With r at most
 * 2 nothing is missed up to a distance of 11, and little beyond it.
 */
async function joinNear(
  images: readonly ComparedImage[],
  distance: number,
  same: Union,
  signal: AbortSignal,
): Promise<void> {
  const byHash = new Map<string, number>();
  images.forEach(({ perceptualHash }, index) => {
    if (perceptualHash === null) return;
    const known = byHash.get(perceptualHash);
    if (known === undefined) byHash.set(perceptualHash, index);
    else same.join(known, index);
  });
  const hashes = [...byHash.keys()].sort();
  const members = hashes.map((hash) => byHash.get(hash) as number);
  const high = Uint32Array.from(hashes, (hash) => parseInt(hash.slice(0, 8), 16));
  const low = Uint32Array.from(hashes, (hash) => parseInt(hash.slice(8), 16));
  const masks = masksWithin(Math.floor(distance / chunks));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const partOf = (i: number) => ((chunk < 2 ? high[i] : low[i]) >>> (chunk % 2 === 0 ? 16 : 0)) & 0xffff;
    const buckets = fillBuckets(hashes.length, partOf);
    for (let i = 0; i < hashes.length; i++) {
      if (i % 4096 === 0) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      const part = partOf(i);
      for (const mask of masks) {
        const { order, from, to } = buckets(part ^ mask, i);
        for (let k = from; k < Math.min(to, from + mostNeighbours); k++) {
          const j = order[k];
          if (countBits(high[i] ^ high[j]) + countBits(low[i] ^ low[j]) <= distance) same.join(members[i], members[j]);
        }
      }
    }
  }
}

/** All numbers of 16 bits of which at most `most` (0 to 2) are set. */
function masksWithin(most: number): readonly number[] {
  const masks = [0];
  const bits = Array.from({ length: chunkBits }, (_, bit) => 1 << bit);
  if (most >= 1) masks.push(...bits);
  if (most >= 2) bits.forEach((a, i) => masks.push(...bits.slice(i + 1).map((b) => a | b)));
  return masks;
}

/** Sorts hashes by a part of theirs; gives for a part the range of its hashes that come after hash `i`. */
function fillBuckets(count: number, partOf: (i: number) => number) {
  const starts = new Uint32Array((1 << chunkBits) + 1);
  for (let i = 0; i < count; i++) starts[partOf(i) + 1]++;
  for (let part = 0; part < 1 << chunkBits; part++) starts[part + 1] += starts[part];
  const order = new Uint32Array(count);
  const free = starts.slice();
  for (let i = 0; i < count; i++) order[free[partOf(i)]++] = i;
  return (part: number, i: number) => {
    let [from, end] = [starts[part], starts[part + 1]];
    const to = end;
    while (from < end) {
      const middle = (from + end) >>> 1;
      if (order[middle] <= i) from = middle + 1;
      else end = middle;
    }
    return { order, from, to };
  };
}

/** Runs of pictures that follow each other within a pause and look alike (or cannot be compared by their looks). */
function findBursts(images: readonly ComparedImage[], seconds: number): readonly (readonly number[])[] {
  const timed = images
    .filter((image): image is ComparedImage & { takenAt: number } => image.takenAt !== null)
    .sort((a, b) => a.takenAt - b.takenAt || a.id - b.id);
  const bursts: number[][] = [];
  let run: number[] = [];
  timed.forEach((image, i) => {
    const before = i === 0 ? undefined : timed[i - 1];
    const follows =
      before !== undefined && image.takenAt - before.takenAt <= seconds * 1000 && looksAlike(before, image);
    if (!follows) {
      if (run.length > 1) bursts.push(run);
      run = [];
    }
    run.push(image.id);
  });
  if (run.length > 1) bursts.push(run);
  return bursts.map((burst) => burst.sort((a, b) => a - b));
}

function looksAlike(a: ComparedImage, b: ComparedImage): boolean {
  return (
    a.perceptualHash === null ||
    b.perceptualHash === null ||
    hashDistance(a.perceptualHash, b.perceptualHash) <= burstDistance
  );
}

interface Union {
  readonly join: (a: number, b: number) => void;
  readonly groups: (images: readonly ComparedImage[]) => readonly (readonly number[])[];
}

/** Sets that can be joined. **Source**: R. E. Tarjan, Efficiency of a good but not linear set union algorithm, 1975. */
function createUnion(count: number): Union {
  const parents = Int32Array.from({ length: count }, (_, i) => i);
  const rootOf = (i: number) => {
    while (parents[i] !== i) {
      parents[i] = parents[parents[i]];
      i = parents[i];
    }
    return i;
  };
  return {
    join: (a, b) => {
      const [p, q] = [rootOf(a), rootOf(b)];
      parents[Math.max(p, q)] = Math.min(p, q);
    },
    groups: (images) => {
      const byRoot = new Map<number, number[]>();
      images.forEach(({ id }, i) => {
        const root = rootOf(i);
        const known = byRoot.get(root);
        if (known === undefined) byRoot.set(root, [id]);
        else known.push(id);
      });
      return [...byRoot.values()].filter((group) => group.length > 1).map((group) => group.sort((a, b) => a - b));
    },
  };
}
