import { glanceAt } from '../imaging/thumbnails.ts';
import type { CollectionFile } from './collection.ts';
import type { Glance, GlancesMessage, Reading } from './glances.ts';
import type { JobContext, JobMessage } from './job.ts';
import { workOn, workThrough } from './work-through.ts';

/** Files to look at, and the longest sides in pixels of the thumbnails wanted of each. */
export interface ImportRequest extends Reading {
  readonly files: readonly CollectionFile[];
  readonly sides: readonly number[];
}

/** A message carries at most so many files, and none waits longer than this for others to come, in milliseconds. */
const batchLength = 16;
const longestWait = 250;

/**
 * Looks at files, several at a time: each is read once for its hash, its facts, its thumbnails and its perceptual hash.
 * What is known is told in the files' order, several in a message; files that fail are told with their reason.
 */
export async function* importImages(
  { files, sides, ...reading }: ImportRequest,
  context: Pick<JobContext, 'signal' | 'threads' | 'hands' | 'resume'>,
): AsyncGenerator<JobMessage, { readonly images: number }> {
  const first = context.resume === undefined ? 0 : Number(new TextDecoder().decode(context.resume));
  const looked = workThrough(files.slice(first), (file) => look(file.path, sides, reading), context);
  let done = first;
  for await (const glances of inBatches(looked)) {
    done += glances.length;
    yield { event: 'glances', glances } satisfies GlancesMessage;
    yield { event: 'checkpoint', stage: 'import', bytes: new TextEncoder().encode(String(done)) };
    yield { event: 'progress', phase: 'import', done, total: files.length };
  }
  return { images: done };
}

/** Looks at one file. */
export async function lookAt(
  { path, sides, ...reading }: Reading & { readonly path: string; readonly sides: readonly number[] },
  { hands }: Pick<JobContext, 'hands'>,
): Promise<Glance> {
  return { id: path, ...(await workOn(path, hands, () => look(path, sides, reading))) };
}

type Looked = { readonly ok: true } & Omit<Extract<Glance, { ok: true }>, 'id' | 'ok'>;
type NotLooked = Omit<Extract<Glance, { ok: false }>, 'id'>;

async function look(path: string, sides: readonly number[], reading: Reading): Promise<Looked | NotLooked> {
  const { allowDamaged, limits } = reading;
  const found = await glanceAt(path, sides, { allowDamage: allowDamaged, limits });
  return found.ok ? { ok: true, ...found.value } : found;
}

/** Gathers results until there are enough of them or the first has waited long enough. */
async function* inBatches(
  results: AsyncGenerator<{ readonly file: CollectionFile; readonly result: Looked | NotLooked }>,
): AsyncGenerator<readonly Glance[]> {
  const ask = () => {
    const asked = results.next();
    /* It may fail while nobody waits for it; who waits next is told. */
    asked.catch(() => undefined);
    return asked;
  };
  let batch: Glance[] = [];
  let begun = 0;
  let next = ask();
  try {
    for (;;) {
      const found = batch.length === 0 ? await next : await within(next, begun + longestWait - performance.now());
      if (found !== undefined && found.done !== true) {
        if (batch.length === 0) begun = performance.now();
        batch.push({ ...found.value.result, id: found.value.file.id });
        next = ask();
        if (batch.length < batchLength) continue;
      }
      if (batch.length > 0) yield batch;
      batch = [];
      if (found?.done === true) return;
    }
  } finally {
    await results.return(undefined);
  }
}

/** What a promise becomes, or undefined when it takes longer. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<undefined>((fulfil) => {
        timer = setTimeout(() => fulfil(undefined), Math.max(0, milliseconds));
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
