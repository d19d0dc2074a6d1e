import type { JobContext } from '../compute/job.ts';
import { versions } from '../compute/supervisor/versions.ts';
import { Cache } from '../store/cache.ts';
import { cacheKey } from '../store/cache-key.ts';

/** The small copies that learners work on, kept in the user's cache between runs. */
export type SmallCopies = NonNullable<JobContext['cache']> & { readonly close: () => void };

/** Raised when small copies are made in another way, so that old ones are not taken for new ones. */
const recipeVersion = 1;

/** Opens the cache of small copies, the user's where no folder is named; one that cannot be opened costs nothing but time. */
export function openSmallCopies(folder?: string): SmallCopies {
  const cache = new Cache(folder === undefined ? {} : { folder });
  const { sharp, libvips } = versions();
  const keyOf = (key: Parameters<SmallCopies['read']>[0]) =>
    cacheKey({ kind: 'small copy', recipeVersion, sharp, libvips, ...key });
  return {
    read: (key) => cache.read(keyOf(key)),
    write: (key, pixels) => {
      cache.write(keyOf(key), pixels);
    },
    close: () => {
      cache.close();
    },
  };
}
