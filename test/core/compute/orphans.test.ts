import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isAlive } from '../../support/is-alive.ts';
import { testEntry } from '../../support/workers/test-workers.ts';

const engine = resolve(import.meta.dirname, '../../support/workers/engine-process.ts');

it.each([
  ['while it waits', 'count', { to: 10_000, milliseconds: 50 }],
  ['while its only thread is blocked', 'block', { milliseconds: 120_000 }],
  ['while ONNX Runtime computes', 'multiply', { side: 1500, times: 400 }],
])('a worker does not survive an engine that is killed %s', async (_, kind, request) => {
  const child = spawn(process.execPath, [engine, testEntry, kind, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((fulfil) =>
    child.stdout.setEncoding('utf8').on('data', (text: string) => fulfil(Number(/worker (\d+)/.exec(text)?.[1]))),
  );
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  const until = performance.now() + 20_000;
  while (isAlive(pid) && performance.now() < until) await wait(20);
  const survived = isAlive(pid);
  if (survived) process.kill(pid, 'SIGKILL');
  expect(survived).toBe(false);
});
