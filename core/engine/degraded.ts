import type { Workers } from '../compute/supervisor/workers.ts';
import type { MissingPart } from '../compute/parts.ts';
import type { PictureCache } from './images/thumbnail-cache.ts';

/** Says what of the program cannot be used here, and why. */
export type Degraded = () => Promise<readonly MissingPart[]>;

/** How long an answer waits for workers that are busy, in milliseconds; until then nothing is known to be missing. */
const patience = 3000;

/**
 * Native parts are tried in a worker, once: one that cannot be loaded must not take the engine with it. The cache is looked
 * at each time.
 */
export function createDegraded(workers: Workers, cache: PictureCache): Degraded {
  let asked: Promise<readonly MissingPart[]> | undefined;
  let known: readonly MissingPart[] = [];
  const ask = async (): Promise<readonly MissingPart[]> => {
    const { signal } = new AbortController();
    try {
      known = await workers.call('missing parts', undefined, { signal, priority: 'interactive' });
    } catch (error) {
      known = [
        { part: 'workers', reason: `None could be asked: ${error instanceof Error ? error.message : String(error)}` },
      ];
      asked = undefined;
    }
    return known;
  };
  return async () => {
    asked ??= ask();
    await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
    const broken = cache.whyBroken();
    return broken === undefined ? known : [...known, { part: 'cache', reason: broken }];
  };
}
