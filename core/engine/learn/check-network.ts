import type { NetworkDescription } from '../../contract/network.ts';
import type { LearnOptions } from '../../contract/options.ts';
import type { UseCaseContext } from '../use-case.ts';

/**
 * Has a network worked out for the classes of image files: one that does not fit is refused before any work begins.
 * A single class is refused by the job, which knows what can be read.
 *
 * **Throws** CongealError `usage`.
 */
export async function checkNetwork(
  network: NetworkDescription,
  { family, transformerRate, size }: Pick<LearnOptions, 'family' | 'transformerRate' | 'size'>,
  labels: Iterable<string>,
  { workers, signal }: UseCaseContext,
): Promise<void> {
  const classes = Math.max(2, new Set(labels).size);
  const request = { network, family, transformerRate, size, classes };
  await workers.call('check network', request, { signal, priority: 'interactive' });
}
