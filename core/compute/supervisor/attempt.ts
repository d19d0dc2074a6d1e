import type { JobMessage } from '../job.ts';
import { fromErrorData } from '../error-data.ts';
import type { FromWorker, JobStart } from '../protocol.ts';
import type { SmallCopyCache } from '../../imaging/decode.ts';
import type { Death } from './death.ts';
import { suspicions } from './death.ts';
import type { WorkingMessage } from './messages.ts';
import type { PauseSwitch } from './pause.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A worker has died while it had a job. */
export class WorkerDied extends Error {
  readonly death: Death;

  constructor(death: Death) {
    super(`A worker process has died: ${death.reason}.`);
    this.name = 'WorkerDied';
    this.death = death;
  }
}

/** What one attempt at a job needs. */
export interface Attempt {
  readonly start: JobStart;
  readonly signal: AbortSignal;
  readonly pause?: PauseSwitch | undefined;
  readonly smallCopies?: SmallCopyCache | undefined;
  /** How long a worker may take to stop when it is cancelled, in milliseconds; then it is killed. */
  readonly patience: number;
}

type End = { readonly result: unknown } | { readonly error: unknown } | { readonly death: Death } | 'cancelled';

let jobs = 0;

/**
 * Lets a worker do a job once and passes on what it says.
 *
 * Ended early by its receiver it cancels the job; in every case the worker is free, or dead, when it has ended.
 *
 * **Throws** WorkerDied, what the job throws, and the signal's reason when it is aborted.
 */
export async function* attemptJob(
  worker: WorkerProcess,
  { start, signal, pause, smallCopies, patience }: Attempt,
): AsyncGenerator<JobMessage | WorkingMessage, unknown> {
  const job = ++jobs;
  const inbox: (JobMessage | WorkingMessage)[] = [];
  let end: End | undefined;
  let wake: () => void = () => undefined;
  let late: NodeJS.Timeout | undefined;
  const finish = (how: End) => {
    end ??= how;
    clearTimeout(late);
    wake();
  };
  const cancel = () => {
    if (end !== undefined || late !== undefined) return;
    if (!worker.isReady) worker.kill('it was not needed any more', suspicions.none);
    worker.send({ type: 'cancel', job });
    late = setTimeout(() => worker.kill('it did not stop when it was asked to', suspicions.none), patience);
  };
  const hold = (paused: boolean) => worker.send({ type: paused ? 'pause' : 'continue', job });
  const hear = (message: FromWorker) => {
    if (message.type === 'read' || message.type === 'write') void serve(worker, message, smallCopies);
    if (!('job' in message) || message.job !== job) return;
    if (message.type === 'message') inbox.push(message.message);
    else if (message.type === 'working') inbox.push({ event: 'working', files: message.files, worker: worker.pid });
    else if (message.type === 'result') finish({ result: message.result });
    else if (message.type === 'failed') finish({ error: fromErrorData(message.error) });
    else finish('cancelled');
    wake();
  };
  worker.onMessage = hear;
  const forget = worker.whenDead((death) => finish({ death }));
  const unwatch = pause?.watch(hold);
  signal.addEventListener('abort', cancel);
  const ended = async () => {
    while (end === undefined) await new Promise<void>((fulfil) => (wake = fulfil));
  };
  try {
    signal.throwIfAborted();
    worker.send({ type: 'start', job, start });
    if (pause?.paused === true) hold(true);
    for (;;) {
      const batch = inbox.splice(0);
      const counted = batch.filter(({ event }) => event !== 'working').length;
      for (const message of batch) if (!signal.aborted || message.event === 'checkpoint') yield message;
      if (counted > 0) worker.send({ type: 'taken', job, count: counted });
      if (inbox.length > 0) continue;
      if (end !== undefined) break;
      await new Promise<void>((fulfil) => (wake = fulfil));
    }
    signal.throwIfAborted();
    return resultOf(end);
  } finally {
    cancel();
    await ended();
    signal.removeEventListener('abort', cancel);
    unwatch?.();
    forget();
    worker.onMessage = () => undefined;
  }
}

function resultOf(end: End): unknown {
  if (end === 'cancelled') throw new Error('a worker stopped a job that nobody cancelled');
  if ('death' in end) throw new WorkerDied(end.death);
  if ('error' in end) throw end.error;
  return end.result;
}

async function serve(
  worker: WorkerProcess,
  message: Extract<FromWorker, { type: 'read' | 'write' }>,
  smallCopies: SmallCopyCache | undefined,
): Promise<void> {
  if (message.type === 'write') await smallCopies?.write(message.key, message.pixels);
  else worker.send({ type: 'kept', ask: message.ask, pixels: await smallCopies?.read(message.key) });
}
