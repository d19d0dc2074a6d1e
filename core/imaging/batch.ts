import { availableParallelism } from 'node:os';
import type { DecodedImage, SmallCopyOptions } from './decode.ts';
import { loadWorkRaster } from './decode.ts';
import type { ImageResult } from './failure.ts';

/** A file of a collection: its name within the collection and where it lies. */
export interface ImageFile {
  readonly id: string;
  readonly path: string;
}

/** What came of one file of a batch. */
export interface BatchItem<File, Result> {
  readonly file: File;
  readonly result: Result;
}

/** How a batch is worked through. */
export interface BatchOptions {
  /** How many are in work at once; default the number of processors. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads the small copies of many images, several at a time, and yields them in the order given. Files that fail are
 * yielded as failures; no more than twice `concurrency` images are held, however slow the receiver.
 *
 * **Throws** the signal's reason when it is aborted.
 */
export function loadAll<File extends ImageFile>(
  files: readonly File[],
  options: SmallCopyOptions & BatchOptions = {},
): AsyncGenerator<BatchItem<File, ImageResult<DecodedImage<Uint8Array>>>> {
  return inOrder(files, (file) => loadWorkRaster(file.path, options), options);
}

/**
 * Works on many items, several at a time, and yields the results in the items' order with bounded look-ahead.
 *
 * **Throws** the signal's reason when it is aborted, and what `work` throws at that item's turn; whatever was begun has
 * ended by then.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  options: BatchOptions = {},
): AsyncGenerator<BatchItem<Item, Result>> {
  const { signal } = options;
  const concurrency = Math.max(1, options.concurrency ?? availableParallelism());
  const running: Promise<PromiseSettledResult<Result>>[] = [];
  const slots = createSlots(concurrency);
  let next = 0;
  const stop = new AbortController();
  try {
    for (const file of items) {
      while (next < items.length && running.length < 2 * concurrency) {
        const item = items[next++];
        running.push(
          settle(
            slots(() =>
              stop.signal.aborted || signal?.aborted === true ? Promise.reject(new Error('stopped')) : work(item),
            ),
          ),
        );
      }
      const settled = await (running.shift() as Promise<PromiseSettledResult<Result>>);
      signal?.throwIfAborted();
      if (settled.status === 'rejected') throw settled.reason;
      yield { file, result: settled.value };
    }
  } finally {
    stop.abort();
    await Promise.all(running);
  }
}

/** Lets at most `count` tasks run at once; the others wait in line. */
function createSlots(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await task();
    } finally {
      const first = waiting.shift();
      if (first === undefined) free++;
      else first();
    }
  };
}

async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [settled] = await Promise.allSettled([promise]);
  return settled;
}
