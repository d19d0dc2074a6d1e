import { fileURLToPath } from 'node:url';
import { availableParallelism, totalmem } from 'node:os';
import type { SmallCopyCache } from '../../imaging/decode.ts';
import type { ProviderName } from '../../runtime/providers.ts';
import type { Jobs } from '../job-kinds.ts';
import { memoryOf } from './costs.ts';
import type { SupervisedMessage } from './messages.ts';
import type { PauseSwitch } from './pause.ts';
import type { PoolLimits, Priority } from './pool.ts';
import { Pool } from './pool.ts';
import type { Retries } from './run-job.ts';
import { superviseJob } from './run-job.ts';
import type { Strikes } from './suspects.ts';
import { createSuspects } from './suspects.ts';

/** How one job is run. */
export interface RunJobOptions {
  readonly signal: AbortSignal;
  readonly priority: Priority;
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
  /** Where networks are trained; on the processor by default. */
  readonly provider?: ProviderName | undefined;
  /** A state to go on from. */
  readonly resume?: Uint8Array | undefined;
  readonly smallCopies?: SmallCopyCache | undefined;
  /** Whether frames are wanted while it works. */
  readonly film?: boolean | undefined;
  readonly pause?: PauseSwitch | undefined;
  /** What it works on: the worker that has it in memory is taken where it is free. */
  readonly on?: string | undefined;
  /** `never`: the first death of a worker ends the job. By default another worker goes on. */
  readonly retry?: 'resume' | 'never' | undefined;
  /** What is held against images from earlier on, and who is told of changes, so that it outlives the engine. */
  readonly quarantine?: { readonly strikes: Strikes; readonly onChange: (strikes: Strikes) => void } | undefined;
}

/** What there is of workers at one moment. */
export interface WorkersStatus {
  readonly workers: readonly {
    readonly pid: number | undefined;
    /** Resident memory in bytes as last known. */
    readonly rss: number;
    readonly busy: boolean;
    /** The kind of job that it is doing. */
    readonly job: string | null;
  }[];
  /** Jobs whose turn has not come. */
  readonly waiting: number;
}

/** The processes that compute for an engine, and the queue before them. */
export interface Workers<Kinds extends { [Kind in keyof Kinds]: { request: unknown; result: unknown } } = Jobs> {
  /** Has a job done and passes on what is said meanwhile. **Throws** as `superviseJob`. */
  readonly run: <Kind extends keyof Kinds & string>(
    kind: Kind,
    request: Kinds[Kind]['request'],
    options: RunJobOptions,
  ) => AsyncGenerator<SupervisedMessage, Kinds[Kind]['result']>;
  /** Has a job done of which only the answer counts; one death of a worker is made good. **Throws** as `run`. */
  readonly call: <Kind extends keyof Kinds & string>(
    kind: Kind,
    request: Kinds[Kind]['request'],
    options: RunJobOptions,
  ) => Promise<Kinds[Kind]['result']>;
  readonly status: () => WorkersStatus;
  /** Ends every worker within a few seconds, or sooner where so many milliseconds are given. */
  readonly close: (within?: number) => Promise<void>;
}

/** How workers are kept; everything has a default that suits this machine. */
export interface WorkersOptions extends Partial<PoolLimits> {
  readonly retries?: Partial<Retries>;
  /** How long a cancelled job may take to stop before its worker is killed, in milliseconds. */
  readonly patience?: number;
}

const gibibyte = 2 ** 30;
const cores = availableParallelism();

const defaults: PoolLimits = {
  entry: fileURLToPath(new URL('../worker.ts', import.meta.url)),
  atOnce: { interactive: Math.max(2, Math.min(4, cores - 1)), import: 1, run: Math.max(1, Math.floor(cores / 8)) },
  memoryLimit: Math.max(2 * gibibyte, 0.75 * totalmem()),
  recycleAbove: 1.5 * gibibyte,
  missedHeartbeats: 30,
  leaveMilliseconds: 3000,
  idleMilliseconds: 60_000,
  niceness: 0,
  warm: false,
  prepared: [],
  availableMemory: () => process.availableMemory(),
  onChange: () => undefined,
};

const manyRetries: Retries = { firstWait: 250, longestWait: 8000, deaths: 8 };
const oneRetry: Retries = { firstWait: 0, longestWait: 0, deaths: 1 };

/**
 * Workers for an engine. None is forked before it is needed, unless one is to be kept warm.
 *
 * @param options - what is to differ from the defaults
 */
export function createWorkers<Kinds extends { [Kind in keyof Kinds]: { request: unknown; result: unknown } } = Jobs>(
  options: WorkersOptions = {},
): Workers<Kinds> {
  const { retries, patience = 5000, ...limits } = options;
  const pool = new Pool({ ...defaults, ...limits });
  const start = (kind: string, request: unknown, given: RunJobOptions, again: Retries) => {
    const { signal, priority, seed = 1, threads = Math.min(8, cores), resume, smallCopies, pause, quarantine } = given;
    return superviseJob(pool, {
      start: {
        kind,
        request,
        seed,
        threads,
        provider: given.provider ?? 'cpu',
        resume,
        cached: smallCopies !== undefined,
        film: given.film === true,
      },
      ...{ signal, priority, smallCopies, pause, patience, on: given.on },
      memory: (memoryOf as Readonly<Partial<Record<string, number>>>)[kind] ?? 0,
      retries: given.retry === 'never' ? { ...again, deaths: 0 } : again,
      suspects: createSuspects(quarantine?.strikes, quarantine?.onChange),
    });
  };
  return {
    run: (kind, request, given) =>
      start(kind, request, given, { ...manyRetries, ...retries }) as AsyncGenerator<SupervisedMessage, never>,
    call: async (kind, request, given) => {
      const messages = start(kind, request, given, oneRetry);
      for (;;) {
        const next = await messages.next();
        if (next.done === true) return next.value;
      }
    },
    status: () => ({
      workers: [...pool.workers].map((worker) => {
        const job = pool.jobOf(worker) ?? null;
        return { pid: worker.pid, rss: worker.rss, busy: job !== null, job };
      }),
      waiting: pool.waiting,
    }),
    close: (within) => pool.close(within),
  };
}
