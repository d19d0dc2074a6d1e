import type { ImageFile } from '../imaging/batch.ts';
import { inOrder } from '../imaging/batch.ts';
import type { JobContext } from './job.ts';
import { quarantinedCode } from './protocol.ts';

/** Why an image is not opened any more. */
export interface Quarantined {
  readonly ok: false;
  readonly code: string;
  readonly reason: string;
}

/** Works on one image, and tells that it is in hand; one over which too many workers have died is not opened. */
export async function workOn<Result>(
  image: string,
  hands: JobContext['hands'],
  work: () => Promise<Result>,
): Promise<Result | Quarantined> {
  const reason = hands?.whyQuarantined(image);
  if (reason !== undefined) return { ok: false, code: quarantinedCode, reason };
  hands?.begin(image);
  try {
    return await work();
  } finally {
    hands?.end(image);
  }
}

/**
 * Works on the images of a job, several at a time and in their order, and tells which are in hand. Images over which a
 * worker has died are worked on while no other is; those over which too many have died are not opened.
 *
 * **Throws** the signal's reason when it is aborted, and what `work` throws at that image's turn.
 */
export async function* workThrough<File extends ImageFile, Result>(
  files: readonly File[],
  work: (file: File) => Promise<Result>,
  { signal, threads, hands }: Pick<JobContext, 'signal' | 'threads' | 'hands'>,
): AsyncGenerator<{ readonly file: File; readonly result: Result | Quarantined }> {
  const held = (file: File) => workOn(file.id, hands, () => work(file));
  const isAlone = (file: File) => hands?.isSuspect(file.id) === true;
  yield* inOrder(files, held, { concurrency: threads, signal, isAlone });
}
