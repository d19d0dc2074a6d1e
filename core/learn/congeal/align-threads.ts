import { availableParallelism } from 'node:os';
import type { FeatureExtractor, Projection } from '../../features/feature-maps.ts';
import { gradientLayout } from '../../features/oriented-gradients.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { startThreads, type ThreadCrew } from '../crew/threads.ts';
import type { SearchTools } from './bank.ts';
import type { Reach } from './search-tools.ts';

/** What a thread needs to make its own tools. */
export interface Equipment {
  readonly projection: Projection;
  readonly reach: Reach;
  readonly runtime: SessionOptions;
}

/** Fewest images for each thread: starting one takes as long as aligning a few. */
const fewestImages = 8;
/** More threads than this wait for what is done in one of them. */
const mostThreads = 8;

/**
 * Starts threads that align a set together; null where this thread does it alone. They describe with oriented gradients: of an
 * encoder every thread would hold a copy, and encoders keep all cores busy by themselves.
 */
export function startAlignThreads(
  images: number,
  features: FeatureExtractor['name'],
  threads: number = availableParallelism(),
): ThreadCrew<SearchTools, Equipment> | null {
  const size = Math.min(threads, mostThreads, Math.floor(images / fewestImages));
  if (features !== gradientLayout.name || size < 2) return null;
  return startThreads(new URL('crew-thread.ts', import.meta.url), size);
}
