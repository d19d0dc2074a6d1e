import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Strikes } from '../../../core/compute/supervisor/suspects.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import type { Hostile, TestJobs } from '../../support/workers/test-jobs.ts';
import { collect, testWorkers } from '../../support/workers/test-workers.ts';

const open = new AbortController().signal;
const run = { signal: open, priority: 'run', threads: 3 } as const;

function pidOf(workers: ReturnType<typeof testWorkers>): number {
  return workers.status().workers.find(({ busy }) => busy)?.pid ?? 0;
}

describe('a worker that dies', () => {
  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'of %s is noticed at once, and another one goes on from the last state',
    async (signal) => {
      const workers = testWorkers();
      let killed = 0;
      let noticed = 0;
      const { said, result } = await collect(workers.run('count', { to: 30, milliseconds: 10 }, run), (message) => {
        if (message.event === 'checkpoint' && message.bytes[0] === 12 && killed === 0) {
          killed = performance.now();
          process.kill(pidOf(workers), signal);
        }
        if (message.event === 'interrupted') noticed = performance.now();
      });
      expect(result).toBe(30);
      expect(noticed - killed).toBeLessThan(1000);
      const events = said.map(({ event }) => event);
      expect(events.filter((event) => event === 'interrupted')).toHaveLength(1);
      expect(said.find(({ event }) => event === 'interrupted')).toMatchObject({
        reason: expect.stringContaining(signal) as string,
        attempt: 1,
      });
      const after = said.slice(events.indexOf('resumed'));
      expect(after.find(({ event }) => event === 'progress')).toMatchObject({
        done: expect.toSatisfy((n: number) => n >= 12) as number,
      });
    },
  );

  it('twice over work on a device goes on with the processor', async () => {
    const { said, result } = await collect(testWorkers().run('train', undefined, { ...run, provider: 'webgpu' }));
    expect(result).toBe('cpu');
    expect(said.filter(({ event }) => event === 'interrupted')).toHaveLength(2);
    const message = 'webgpu may have ended the worker processes; going on with the processor';
    expect(said).toContainEqual({ event: 'note', message });
  });

  it('again and again without getting further ends the job with its reason', async () => {
    const workers = testWorkers({ retries: { firstWait: 10, longestWait: 20, deaths: 3 } });
    const said: string[] = [];
    const lost = collect(workers.run('die', { signal: 'SIGABRT' }, run), ({ event }) => said.push(event));
    await expect(lost).rejects.toMatchObject({
      code: 'worker-lost',
      message: expect.stringContaining('SIGABRT') as string,
    });
    expect(said.filter((event) => event === 'interrupted')).toHaveLength(3);
  });

  it('waits longer after each death, and not at all for an answer that a person waits for', async () => {
    const workers = testWorkers({ retries: { firstWait: 10, longestWait: 50, deaths: 5 } });
    const waits: number[] = [];
    await collect(workers.run('die', { signal: 'SIGKILL' }, run), (message) => {
      if (message.event === 'interrupted') waits.push(message.retryInMilliseconds);
    }).catch(() => undefined);
    expect(waits).toEqual([10, 20, 40, 50, 50]);
    await expect(workers.call('die', { signal: 'SIGKILL' }, { ...run, priority: 'interactive' })).rejects.toMatchObject(
      {
        code: 'worker-lost',
      },
    );
  });

  it('of too much memory is killed with that reason', async () => {
    const workers = testWorkers({ memoryLimit: 300 * 2 ** 20, retries: { deaths: 0 } });
    await expect(
      collect(workers.run('grow', { bytes: 400 * 2 ** 20 }, { ...run, retry: 'never' })),
    ).rejects.toMatchObject({
      code: 'worker-lost',
      message: expect.stringMatching(/MiB of memory, more than/) as string,
    });
  });

  it('that says nothing for too long counts as dead', async () => {
    const workers = testWorkers({ missedHeartbeats: 2 });
    const silent = workers.call('block', { milliseconds: 60_000 }, { ...run, retry: 'never' });
    await expect(silent).rejects.toMatchObject({ message: expect.stringMatching(/nothing was heard of it/) as string });
  });

  it('while its job is being cancelled is no failure', async () => {
    const workers = testWorkers();
    const stop = new AbortController();
    const counting = collect(
      workers.run('count', { to: 1000, milliseconds: 20 }, { ...run, signal: stop.signal }),
      () => {
        process.kill(pidOf(workers), 'SIGKILL');
        stop.abort(new Error('enough'));
      },
    );
    await expect(counting).rejects.toThrow('enough');
  });
});

describe('an image over which workers die', () => {
  const files = Array.from({ length: 12 }, (_, n) => ({ id: `${n}.png`, path: '' }));

  async function readAll(
    hostile: Readonly<Record<string, Hostile>>,
    options: Partial<Parameters<ReturnType<typeof testWorkers>['run']>[2]> = {},
  ) {
    const log = join(temporaryFolder(), 'log');
    const request: TestJobs['read']['request'] = { files, hostile, log };
    const outcome = await collect(testWorkers().run('read', request, { ...run, ...options }));
    return { ...outcome, opened: readFileSync(log, 'utf8').trim().split('\n') };
  }

  it('is left out after the second death, and only that one', async () => {
    const { said, result, opened } = await readAll({ '5.png': { signal: 'SIGSEGV' } });
    expect(result).toEqual({ read: files.map(({ id }) => id).filter((id) => id !== '5.png'), failed: ['5.png'] });
    expect(opened.filter((id) => id === '5.png')).toHaveLength(2);
    expect(said.filter(({ event }) => event === 'interrupted')).toHaveLength(2);
    expect(said.find(({ event }) => event === 'failure')).toMatchObject({
      file: '5.png',
      code: 'image-quarantined',
      reason: expect.stringContaining('SIGSEGV') as string,
    });
  });

  it('is told from others that kill as well', async () => {
    const { result } = await readAll({ '3.png': { signal: 'SIGABRT' }, '4.png': { signal: 'SIGSEGV' } });
    expect(result.failed).toEqual(['3.png', '4.png']);
    expect(result.read).toHaveLength(10);
  });

  it('is left out later where something else may have killed the workers', async () => {
    const { result, opened } = await readAll({ '5.png': { signal: 'SIGKILL' } });
    expect(result.failed).toEqual(['5.png']);
    expect(opened.filter((id) => id === '5.png')).toHaveLength(8);
  });

  it('is remembered from one engine to the next', async () => {
    let kept: Strikes = new Map();
    const quarantine = { strikes: kept, onChange: (strikes: Strikes) => (kept = strikes) };
    await readAll({ '5.png': { signal: 'SIGSEGV' } }, { quarantine });
    expect([...kept.keys()]).toEqual(['5.png']);
    const { result, opened } = await readAll({}, { quarantine: { ...quarantine, strikes: kept } });
    expect(result.failed).toEqual(['5.png']);
    expect(opened).not.toContain('5.png');
  });

  it('is known before it is opened; a kill from outside costs it nothing', async () => {
    const log = join(temporaryFolder(), 'log');
    const workers = testWorkers();
    let killed = false;
    const reading = workers.run('read', { files, hostile: {}, log }, { ...run, threads: 1 });
    const { result } = await collect(reading, (message) => {
      if (message.event !== 'working' || !message.files.includes('7.png') || message.worker === undefined) return;
      if (!killed) process.kill(message.worker, 'SIGKILL');
      killed = true;
    });
    expect(killed).toBe(true);
    expect(result).toEqual({ read: files.map(({ id }) => id), failed: [] });
  });
});
