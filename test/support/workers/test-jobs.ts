import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { CollectionFile } from '../../../core/compute/collection.ts';
import type { JobContext, JobMessage } from '../../../core/compute/job.ts';
import type { JobTable } from '../../../core/compute/jobs.ts';
import { workThrough } from '../../../core/compute/work-through.ts';
import { CongealError } from '../../../core/contract/errors.ts';

/** How a worker ends over an image whose name says so. */
export interface Hostile {
  readonly signal: NodeJS.Signals;
  /** Only while fewer lines than this stand in the log. */
  readonly times?: number;
}

/** Jobs for tests of workers: what no file can make a real job do. */
export interface TestJobs {
  count: { request: { readonly to: number; readonly milliseconds: number }; result: number };
  echo: { request: unknown; result: unknown };
  fail: { request: { readonly how: 'congeal' | 'system' | 'bug' }; result: undefined };
  block: { request: { readonly milliseconds: number }; result: undefined };
  /** One run of ONNX Runtime that takes minutes. */
  multiply: { request: { readonly side: number; readonly times: number }; result: undefined };
  grow: { request: { readonly bytes: number }; result: undefined };
  die: { request: { readonly signal: NodeJS.Signals }; result: undefined };
  /** Crashes, as a driver does, where it is to train on a device; else says where it trains. */
  train: { request: undefined; result: string };
  read: {
    request: {
      readonly files: readonly CollectionFile[];
      readonly hostile: Readonly<Record<string, Hostile>>;
      readonly log: string;
    };
    result: { readonly read: readonly string[]; readonly failed: readonly string[] };
  };
}

/** Counts to a number; its state is how far it has come. */
async function* count(
  { to, milliseconds }: TestJobs['count']['request'],
  { signal, resume }: JobContext,
): AsyncGenerator<JobMessage, number> {
  for (let n = resume?.[0] ?? 0; n < to; n++) {
    await wait(milliseconds);
    signal.throwIfAborted();
    yield { event: 'progress', phase: 'count', done: n + 1, total: to };
    yield { event: 'checkpoint', stage: 'count', bytes: Uint8Array.of(n + 1) };
  }
  return to;
}

function block(milliseconds: number): void {
  const until = Date.now() + milliseconds;
  while (Date.now() < until);
}

const grown: Buffer[] = [];

async function* read(
  { files, hostile, log }: TestJobs['read']['request'],
  context: JobContext,
): AsyncGenerator<JobMessage, TestJobs['read']['result']> {
  const done: { read: string[]; failed: string[] } = { read: [], failed: [] };
  const open = async ({ id }: CollectionFile) => {
    appendFileSync(log, `${id}\n`);
    await wait(5);
    if (id in hostile) {
      process.kill(process.pid, hostile[id].signal);
      await wait(60_000);
    }
    return { ok: true } as const;
  };
  for await (const { file, result } of workThrough(files, open, context)) {
    if (result.ok) done.read.push(file.id);
    else {
      done.failed.push(file.id);
      yield { event: 'failure', file: file.id, code: result.code, reason: result.reason };
    }
    yield { event: 'progress', phase: 'read', done: done.read.length + done.failed.length, total: files.length };
  }
  return done;
}

/** The table that the tests' own worker serves. */
export const testJobs: JobTable<TestJobs> = {
  count: () => Promise.resolve(count),
  read: () => Promise.resolve(read),
  echo: () => Promise.resolve((request) => Promise.resolve(request)),
  fail: () =>
    Promise.resolve(({ how }) => {
      if (how === 'bug') throw new TypeError('this cannot be');
      const system = Object.assign(new Error('no room'), { code: 'ENOSPC', errno: -28, syscall: 'write', path: '/x' });
      if (how === 'system') throw system;
      throw new CongealError('model-invalid', 'not a model', { cause: system, details: { found: [1, 2] } });
    }),
  train: () =>
    Promise.resolve((_, { provider }) => {
      if (provider !== 'cpu') process.kill(process.pid, 'SIGSEGV');
      return Promise.resolve(provider);
    }),
  block: () =>
    Promise.resolve(({ milliseconds }) => {
      block(milliseconds);
      return Promise.resolve(undefined);
    }),
  multiply: async () => (await import('./multiply.ts')).multiply,
  grow: () =>
    Promise.resolve(async ({ bytes }) => {
      grown.push(Buffer.alloc(bytes, 1));
      await wait(1500);
      return undefined;
    }),
  die: () =>
    Promise.resolve(async ({ signal }) => {
      process.kill(process.pid, signal);
      await wait(60_000);
      return undefined;
    }),
};
