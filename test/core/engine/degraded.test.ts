import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createWorkers } from '../../../core/compute/supervisor/workers.ts';
import { createDegraded } from '../../../core/engine/degraded.ts';
import { createPictureCache } from '../../../core/engine/images/thumbnail-cache.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { withoutPackage } from '../../support/without-package.ts';

it('what cannot be used is named with its reason: a native part, the cache', async () => {
  vi.stubEnv('NODE_OPTIONS', withoutPackage('sharp'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const workers = createWorkers();
  onTestFinished(() => workers.close());
  const inTheWay = join(temporaryFolder(), 'cache');
  writeFileSync(inTheWay, 'a file where a folder should be');
  const degraded = createDegraded(
    workers,
    createPictureCache(inTheWay, () => 1e6),
  );
  let found = await degraded();
  while (found.length < 2) found = await degraded();
  expect(found).toEqual([
    {
      part: 'sharp',
      reason: expect.stringMatching(/images cannot be opened: Could not load the sharp binary/) as string,
    },
    { part: 'cache', reason: expect.stringContaining(inTheWay) as string },
  ]);
  const path = join(temporaryFolder(), 'a.png');
  const request = { path, sides: [64], allowDamaged: false };
  const { signal } = new AbortController();
  await expect(workers.call('look at', request, { signal, priority: 'interactive' })).rejects.toMatchObject({
    code: 'part-missing',
    message: expect.stringMatching(/^sharp: It cannot be loaded/) as string,
  });
});
