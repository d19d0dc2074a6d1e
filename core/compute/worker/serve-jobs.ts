import { toErrorData } from '../error-data.ts';
import type { JobContext, JobMessage } from '../job.ts';
import type { JobStart, ToWorker } from '../protocol.ts';
import { heartbeatEvery } from '../protocol.ts';
import type { Channel } from './channel.ts';
import { openChannel } from './channel.ts';
import type { Flow } from './flow.ts';
import { createFlow } from './flow.ts';
import { guardOrphans } from './guard-orphans.ts';
import { createHands } from './hands.ts';
import { loadJob, type Loaders } from './load-job.ts';
import type { RemoteSmallCopies } from './small-copies.ts';
import { createRemoteSmallCopies } from './small-copies.ts';

interface Running {
  readonly job: number;
  readonly controller: AbortController;
  readonly flow: Flow;
}

/**
 * Does jobs for the process that forked this one, one at a time, until it says to leave or is gone.
 *
 * @param table - how the function of each kind of job is loaded
 */
export function serveJobs(table: Loaders): void {
  const channel = openChannel();
  guardOrphans();
  /* Ctrl-C reaches every process of a terminal; what it means is the engine's to decide. */
  process.on('SIGINT', () => undefined);
  const copies = createRemoteSmallCopies(channel);
  let running: Running | undefined;
  channel.listen((message) => {
    if (message.type === 'start') {
      running = { job: message.job, controller: new AbortController(), flow: createFlow() };
      void perform(table, message.start, running, { channel, copies });
    } else
      take(message, { table, copies, running: 'job' in message && running?.job === message.job ? running : undefined });
  });
  setInterval(() => void channel.send({ type: 'heartbeat', rss: process.memoryUsage.rss() }), heartbeatEvery);
  void channel.send({ type: 'ready' });
}

function take(
  message: Exclude<ToWorker, { type: 'start' }>,
  { table, copies, running }: { table: Loaders; copies: RemoteSmallCopies; running: Running | undefined },
): void {
  switch (message.type) {
    case 'cancel':
      running?.controller.abort();
      break;
    case 'pause':
      running?.flow.pause();
      break;
    case 'continue':
      running?.flow.goOn();
      break;
    case 'taken':
      running?.flow.taken(message.count);
      break;
    case 'kept':
      copies.answer(message.ask, message.pixels);
      break;
    case 'prepare':
      /* What cannot be loaded says so when it is needed. */
      for (const kind of message.kinds) void loadJob(table, kind).catch(() => undefined);
      break;
    case 'end':
      process.exit(0);
  }
}

async function perform(
  table: Loaders,
  start: JobStart,
  { job, controller, flow }: Running,
  { channel, copies }: { readonly channel: Channel; readonly copies: RemoteSmallCopies },
): Promise<void> {
  const { signal } = controller;
  const hands = createHands(start, (files) => void channel.send({ type: 'working', job, files }));
  const { seed, threads, provider, resume, film } = start;
  const context: JobContext = {
    signal,
    seed,
    threads,
    provider,
    resume,
    film,
    cache: start.cached ? copies : undefined,
    hands,
  };
  const say = async (message: JobMessage) => {
    flow.sent();
    await channel.send({ type: 'message', job, message });
    await flow.mayGoOn(signal);
  };
  const rss = () => process.memoryUsage.rss();
  try {
    const work = await loadJob(table, start.kind);
    await flow.mayGoOn(signal);
    const result = await toEnd(work(start.request as never, context), say);
    await channel.send({ type: 'result', job, result, rss: rss() });
  } catch (error) {
    if (signal.aborted) await channel.send({ type: 'cancelled', job, rss: rss() });
    else await channel.send({ type: 'failed', job, error: toErrorData(error), rss: rss() });
  }
}

/** Passes a job's messages on and returns its result; when passing on fails, the job's own `finally` still runs. */
async function toEnd(
  answer: AsyncGenerator<JobMessage, unknown> | Promise<unknown>,
  say: (message: JobMessage) => Promise<void>,
): Promise<unknown> {
  if (!(Symbol.asyncIterator in answer)) return await answer;
  try {
    for (;;) {
      const next = await answer.next();
      if (next.done === true) return next.value;
      await say(next.value);
    }
  } finally {
    await answer.return(undefined);
  }
}
