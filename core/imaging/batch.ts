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
 * Works on many items, several at a time, and yields the results in the items' order with bounded look-ahead. An item
 * that `isAlone` names is worked on while no other is.
 *
 * **Throws** the signal's reason when it is aborted, and what `work` throws at that item's turn; whatever was begun has
 * ended by then.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  options: BatchOptions & { readonly isAlone?: (item: Item) => boolean } = {},
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
            slots(options.isAlone?.(item) === true ? concurrency : 1, () =>
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

/** Lets tasks run that take at most `count` slots together; the others wait in line, and nobody overtakes. */
function createSlots(count: number): <T>(needed: number, task: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: { readonly needed: number; readonly begin: () => void }[] = [];
  const admit = () => {
    while (waiting.length > 0 && waiting[0].needed <= free) {
      free -= waiting[0].needed;
      waiting.shift()?.begin();
    }
  };
  return async (needed, task) => {
    await new Promise<void>((begin) => {
      waiting.push({ needed, begin });
      admit();
    });
    try {
      return await task();
    } finally {
      free += needed;
      admit();
    }
  };
}

async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [settled] = await Promise.allSettled([promise]);
  return settled;
}
