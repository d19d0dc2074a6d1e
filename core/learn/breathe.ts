import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Gives the event loop one turn, so that progress is shown and Ctrl-C is heard between blocking steps.
 *
 * **Throws** the signal's reason when it has been aborted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}
