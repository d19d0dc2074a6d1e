import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPauseSwitch } from '../../../core/compute/supervisor/pause.ts';
import { CongealError } from '../../../core/contract/errors.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { collect, testWorkers } from '../../support/workers/test-workers.ts';

const open = new AbortController().signal;
const run = { signal: open, priority: 'run' } as const;
const interactive = { signal: open, priority: 'interactive' } as const;

describe('a job in a worker', () => {
  it('says what it says in order and gives its result', async () => {
    const workers = testWorkers();
    const { said, result } = await collect(workers.run('count', { to: 3, milliseconds: 1 }, run));
    expect(result).toBe(3);
    expect(said.filter(({ event }) => event === 'progress')).toHaveLength(3);
    expect(said.at(-1)).toMatchObject({ event: 'checkpoint', bytes: Uint8Array.of(3) });
  });

  it('gets and gives maps, typed arrays, undefined and not-a-number as they are', async () => {
    const request = {
      boxes: new Map([['a', { xmin: Number.NaN }]]),
      floats: new Float32Array([1, 2]),
      none: undefined,
    };
    expect(await testWorkers().call('echo', request, run)).toEqual(request);
  });

  it('goes to the worker that has worked on the same before', async () => {
    const workers = testWorkers();
    const log = join(temporaryFolder(), 'log');
    const read = async (on: string) => {
      const files = [{ id: on, path: '' }];
      const reading = workers.run('read', { files, hostile: {}, log }, { ...interactive, on });
      const { said } = await collect(reading);
      return said.flatMap((message) => (message.event === 'working' ? [message.worker] : []))[0];
    };
    const [first, second] = await Promise.all([read('a'), read('b')]);
    expect(first).not.toBe(second);
    for (const on of ['b', 'a', 'a', 'b']) expect(await read(on)).toBe(on === 'a' ? first : second);
  });

  it('fails with the same kind of error, its code, details, causes and system properties', async () => {
    const workers = testWorkers();
    const congeal: unknown = await workers.call('fail', { how: 'congeal' }, run).catch((error: unknown) => error);
    expect(congeal).toBeInstanceOf(CongealError);
    expect(congeal).toMatchObject({ code: 'model-invalid', message: 'not a model', details: { found: [1, 2] } });
    expect(congeal).toMatchObject({ cause: { code: 'ENOSPC', errno: -28, syscall: 'write', message: 'no room' } });
    await expect(workers.call('fail', { how: 'system' }, run)).rejects.toMatchObject({ code: 'ENOSPC', path: '/x' });
    const bug: unknown = await workers.call('fail', { how: 'bug' }, run).catch((error: unknown) => error);
    expect(bug).not.toBeInstanceOf(CongealError);
    expect(bug).toMatchObject({ name: 'TypeError', message: 'this cannot be' });
    expect((bug as Error).stack).toMatch(/test-jobs\.ts/);
  });

  it('stops softly when it is cancelled, and its worker is used again', async () => {
    const workers = testWorkers();
    const stop = new AbortController();
    const counting = collect(workers.run('count', { to: 1000, milliseconds: 5 }, { ...run, signal: stop.signal }), () =>
      stop.abort(new Error('enough')),
    );
    await expect(counting).rejects.toThrow('enough');
    const [{ pid }] = workers.status().workers;
    await workers.call('echo', 1, run);
    expect(workers.status().workers.map((worker) => worker.pid)).toEqual([pid]);
  });

  it('ends when nobody listens any more, and its worker is free for another', async () => {
    const workers = testWorkers();
    const counting = workers.run('count', { to: 1000, milliseconds: 5 }, run);
    await counting.next();
    await counting.return(0);
    expect(workers.status().workers.filter(({ busy }) => busy)).toEqual([]);
    const [{ pid }] = workers.status().workers;
    const { said, result } = await collect(workers.run('count', { to: 2, milliseconds: 1 }, run));
    expect([said.length, result]).toEqual([4, 2]);
    expect(workers.status().workers.map((worker) => worker.pid)).toEqual([pid]);
  });

  it('is killed when it does not stop', async () => {
    const workers = testWorkers({ patience: 200 });
    const stop = new AbortController();
    const blocked = workers.call('block', { milliseconds: 60_000 }, { ...run, signal: stop.signal });
    await wait(500);
    const asked = performance.now();
    stop.abort(new Error('enough'));
    await expect(blocked).rejects.toThrow('enough');
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(await workers.call('echo', 'again', run)).toBe('again');
  });

  it('is cancelled when nobody wants its messages any more', async () => {
    const workers = testWorkers();
    for await (const message of workers.run('count', { to: 1000, milliseconds: 1 }, run))
      if (message.event === 'progress' && message.done === 3) break;
    expect(workers.status().workers.map(({ busy }) => busy)).toEqual([false]);
  });

  it('waits while it is paused, and while its messages are not taken', async () => {
    const workers = testWorkers();
    const pause = createPauseSwitch();
    const counting = workers.run('count', { to: 150, milliseconds: 0 }, { ...run, pause });
    let counted = 0;
    const done = collect(counting, (message) => {
      if (message.event !== 'progress') return;
      counted = message.done;
      if (counted === 10) pause.set(true);
    });
    let held = 0;
    while (counted < 10 || counted !== held) {
      held = counted;
      await wait(500);
    }
    expect(held).toBeLessThan(150);
    pause.set(false);
    expect((await done).result).toBe(150);

    const slow = workers.run('count', { to: 150, milliseconds: 0 }, run);
    await slow.next();
    await wait(1000);
    let most = 0;
    const before = performance.now();
    for (let next = await slow.next(); next.done !== true; next = await slow.next()) most += 1;
    expect(most).toBeGreaterThan(250);
    expect(performance.now() - before).toBeGreaterThan(20);
  });
});

describe('the queue', () => {
  it('lets what a person waits for overtake a run, with a worker that is ready', async () => {
    const workers = testWorkers({ warm: true });
    const stop = new AbortController();
    let ended = false;
    const long = collect(workers.run('count', { to: 1e6, milliseconds: 5 }, { ...run, signal: stop.signal })).finally(
      () => (ended = true),
    );
    for (let n = 0; n < 20; n++) expect(await workers.call('echo', n, interactive)).toBe(n);
    expect(ended).toBe(false);
    stop.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
  });

  it('does one run after another, imports beside them, and nothing that is no longer wanted', async () => {
    const workers = testWorkers({ atOnce: { interactive: 1, import: 1, run: 1 } });
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const stop = new AbortController();
    const endless = workers.run('count', { to: 1e6, milliseconds: 5 }, { ...run, signal: stop.signal });
    const first = collect(endless).catch(note('first'));
    const second = collect(workers.run('count', { to: 1, milliseconds: 1 }, run)).then(note('second'));
    const unwanted = workers.call('echo', 1, { ...run, signal: AbortSignal.timeout(100) });
    const third = workers.call('echo', 1, { ...run, priority: 'import' }).then(note('import'));
    expect(workers.status().waiting).toBe(2);
    await expect(unwanted).rejects.toThrow(/timeout/i);
    await third;
    expect(order).toEqual(['import']);
    stop.abort(new Error('enough'));
    await Promise.all([first, second]);
    expect(order).toEqual(['import', 'first', 'second']);
  });

  it('lets another run begin while one is paused', async () => {
    const workers = testWorkers({ atOnce: { interactive: 1, import: 1, run: 1 } });
    const pause = createPauseSwitch();
    const held = collect(workers.run('count', { to: 20, milliseconds: 5 }, { ...run, pause }));
    pause.set(true);
    expect(await workers.call('echo', 'other', run)).toBe('other');
    pause.set(false);
    expect((await held).result).toBe(20);
  });

  it('waits for memory, but never without anything to wait for', async () => {
    const workers = testWorkers({ availableMemory: () => -1, atOnce: { interactive: 1, import: 1, run: 5 } });
    expect(await workers.call('echo', 1, run)).toBe(1);
    const long = collect(workers.run('count', { to: 10, milliseconds: 20 }, run));
    const short = workers.call('echo', 1, run);
    expect(workers.status()).toMatchObject({ waiting: 1 });
    await Promise.all([long, short]);
    expect(workers.status().workers).toHaveLength(1);
  });

  it('closes within five seconds, whatever workers do', async () => {
    const workers = testWorkers({ leaveMilliseconds: 300 });
    const blocked = workers.call('block', { milliseconds: 60_000 }, { ...run, retry: 'never' }).catch(() => 'lost');
    await wait(700);
    const asked = performance.now();
    await workers.close();
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(await blocked).toBe('lost');
  });

  it('replaces workers that have grown, and lets idle ones go', async () => {
    const workers = testWorkers({ recycleAbove: 1, idleMilliseconds: 200 });
    await workers.call('grow', { bytes: 1 }, run);
    await wait(700);
    expect(workers.status().workers).toHaveLength(0);
    const patient = testWorkers({ idleMilliseconds: 200 });
    await patient.call('echo', 1, run);
    expect(patient.status().workers).toHaveLength(1);
    await wait(1000);
    expect(patient.status().workers).toHaveLength(0);
  });
});
