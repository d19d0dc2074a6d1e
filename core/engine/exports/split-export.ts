import { createRandom } from '../../geometry/random.ts';

/** Shares of the parts of a dataset. */
export interface SplitShares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** What keeps images together: those with a common group, and those with the same bytes. */
export interface Splittable {
  readonly id: string;
  readonly sha256: string;
  readonly groups: readonly string[];
}

/**
 * Divides images among the parts of a dataset by a seed. What belongs together stays together, so that no part is tested
 * on what another has seen. Gives the part of each image by its id.
 */
export function splitImages(
  images: readonly Splittable[],
  shares: SplitShares,
  seed: number,
): ReadonlyMap<string, keyof SplitShares> {
  const clusters = createRandom(seed).fork('split').shuffle(clustersOf(images));
  const sum = shares.train + shares.validation + shares.test || 1;
  const parts = (['train', 'validation', 'test'] as const).map((part) => ({
    part,
    wanted: (shares[part] / sum) * images.length,
    has: 0,
  }));
  const found = new Map<string, keyof SplitShares>();
  for (const cluster of clusters) {
    const place = parts.reduce((best, one) => (one.wanted - one.has > best.wanted - best.has ? one : best));
    place.has += cluster.length;
    for (const id of cluster) found.set(id, place.part);
  }
  return found;
}

/** Images that belong together, directly or through others, in the order of their first. */
function clustersOf(images: readonly Splittable[]): string[][] {
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    let at = key;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const { id, sha256, groups } of images)
    for (const key of [`bytes ${sha256}`, ...groups.map((group) => `group ${group}`)]) {
      const [a, b] = [root(`image ${id}`), root(key)];
      if (a !== b) parent.set(b, a);
    }
  const clusters = new Map<string, string[]>();
  for (const { id } of images) {
    const key = root(`image ${id}`);
    clusters.set(key, [...(clusters.get(key) ?? []), id]);
  }
  return [...clusters.values()];
}
