import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../support/is-alive.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const top = resolve(import.meta.dirname, '../../..');
const parentScript = resolve(import.meta.dirname, '../../support/workers/engine-parent.ts');

it.each(['SIGKILL', 'SIGTERM'] as const)('no engine outlives its shell, even one that ends by %s', async (signal) => {
  const parent = spawn(process.execPath, [parentScript, top], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CONGEAL_STATE: temporaryFolder() },
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const engine = Number(String(said).trim());
  expect(isAlive(engine)).toBe(true);
  parent.kill(signal);
  await once(parent, 'exit');
  await expect.poll(() => isAlive(engine), { timeout: 30_000, interval: 100 }).toBe(false);
});
