import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

it('a command keeps its compiled code in the cache folder, and works where it cannot', async () => {
  const cache = join(temporaryFolder(), 'cache');
  const start = async (CONGEAL_CACHE: string) =>
    await runCli(['--version'], { env: { CONGEAL_CACHE, NODE_COMPILE_CACHE: undefined } });
  const kept = await start(cache);
  expect(existsSync(join(cache, 'compiled'))).toBe(true);
  expect(readdirSync(join(cache, 'compiled'), { recursive: true }).length).toBeGreaterThan(20);

  const file = join(temporaryFolder(), 'a file');
  writeFileSync(file, '');
  expect(await start(file)).toEqual(kept);
  expect(kept).toMatchObject({ status: 0, stderr: '' });
});
