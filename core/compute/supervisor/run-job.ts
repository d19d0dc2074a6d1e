import { setTimeout as wait } from 'node:timers/promises';
import { CongealError } from '../../contract/errors.ts';
import type { JobMessage } from '../job.ts';
import type { JobStart } from '../protocol.ts';
import type { Attempt } from './attempt.ts';
import { attemptJob, WorkerDied } from './attempt.ts';
import type { SupervisedMessage } from './messages.ts';
import type { Pool, Priority } from './pool.ts';
import type { Suspects } from './suspects.ts';

/** When another worker tries again after one has died. */
export interface Retries {
  /** Waits in milliseconds after the first death and at most; each is twice the one before. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** So many deaths in a row without any progress end a job. */
  readonly deaths: number;
}

/** After so many deaths in a row without any progress a device is held to be their cause. */
const deathsOfDevice = 2;

/** A job for the workers of a pool. */
export interface SupervisedJob extends Omit<Attempt, 'start'> {
  readonly start: Omit<JobStart, 'suspects' | 'quarantined'>;
  readonly priority: Priority;
  /** Memory in bytes that it is expected to need. */
  readonly memory: number;
  /** What it works on, for the choice of a worker. */
  readonly on?: string | undefined;
  readonly retries: Retries;
  readonly suspects: Suspects;
}

/**
 * Has a job done, by as many workers one after another as it takes: each goes on from the last state that was seen.
 *
 * **Throws** what the job throws, the signal's reason, and CongealError `worker-lost` when workers keep dying.
 */
export async function* superviseJob(pool: Pool, job: SupervisedJob): AsyncGenerator<SupervisedMessage, unknown> {
  const { retries, suspects, signal, priority, memory, on } = job;
  const farthest = createFarthest();
  const failed = new Set<string>();
  let resume = job.start.resume;
  let { provider } = job.start;
  let deaths = 0;
  for (let attempt = 0; ; attempt++) {
    let inHand: readonly string[] = [];
    const lease = await pool.acquire({ kind: job.start.kind, priority, memory, on }, signal);
    const unwatch = job.pause?.watch(lease.setPaused);
    lease.setPaused(job.pause?.paused === true);
    let messages: ReturnType<typeof attemptJob> | undefined;
    const blamed = { suspects: suspects.suspected(), quarantined: suspects.quarantined() };
    try {
      if (attempt > 0) yield { event: 'resumed' };
      messages = attemptJob(lease.worker, { ...job, start: { ...job.start, provider, resume, ...blamed } });
      for (;;) {
        const next = await messages.next();
        if (next.done === true) {
          suspects.clear(inHand);
          return next.value;
        }
        const message = next.value;
        if (message.event === 'working') {
          const still = new Set(message.files);
          suspects.clear(inHand.filter((image) => !still.has(image)));
          inHand = message.files;
        } else if (farthest.isBeyond(message)) deaths = 0;
        if (message.event === 'checkpoint') resume = message.bytes;
        /* Another worker comes upon the same broken files again. */
        if (message.event === 'failure') {
          if (failed.has(message.file)) continue;
          failed.add(message.file);
        }
        yield message;
      }
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      signal.throwIfAborted();
      const quarantined = suspects.blame(inHand, error.death);
      /* The last state was made with images that are left out from now on. */
      if (quarantined.length > 0) resume = undefined;
      deaths = quarantined.length > 0 ? 0 : deaths + 1;
      if (deaths > retries.deaths) throw lost(error, deaths);
      const retryInMilliseconds = Math.min(retries.longestWait, retries.firstWait * 2 ** Math.max(0, deaths - 1));
      const { reason } = error.death;
      yield { event: 'interrupted', reason, attempt: attempt + 1, retryInMilliseconds, quarantined };
      lease.release();
      if (deaths >= deathsOfDevice && provider !== 'cpu') {
        yield {
          event: 'note',
          message: `${provider} may have ended the worker processes; going on with the processor`,
        };
        provider = 'cpu';
      }
      await wait(retryInMilliseconds, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    } finally {
      // Who stops listening ends the job as well: only then is the worker free for another.
      await messages?.return(undefined);
      unwatch?.();
      lease.release();
    }
  }
}

function lost(error: WorkerDied, deaths: number): CongealError {
  const { reason, lastWords } = error.death;
  const times = deaths === 1 ? 'A worker process has' : `${deaths} worker processes in a row have`;
  return new CongealError(
    'worker-lost',
    `${times} died over this work without getting any further, the last one because ${reason}. ` +
      'Give the program more memory, or try fewer or smaller images; what was finished before is kept.',
    { cause: error, details: { reason, lastWords } },
  );
}

/** Tells whether a message says more than any before it: a state, a phase that is new, or one that has come further. */
function createFarthest(): { readonly isBeyond: (message: JobMessage) => boolean } {
  const reached = new Map<string, number>();
  return {
    isBeyond: (message) => {
      if (message.event === 'checkpoint') return true;
      if (message.event !== 'progress') return false;
      const before = reached.get(message.phase) ?? 0;
      if (message.done <= before) return false;
      reached.set(message.phase, message.done);
      return true;
    },
  };
}
