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
  const held = async (file: File): Promise<Result | Quarantined> => {
    const reason = hands?.whyQuarantined(file.id);
    if (reason !== undefined) return { ok: false, code: quarantinedCode, reason };
    hands?.begin(file.id);
    try {
      return await work(file);
    } finally {
      hands?.end(file.id);
    }
  };
  const isAlone = (file: File) => hands?.isSuspect(file.id) === true;
  yield* inOrder(files, held, { concurrency: threads, signal, isAlone });
}
