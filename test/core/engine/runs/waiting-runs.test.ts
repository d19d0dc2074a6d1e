import { renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { drawCollection } from '../../../support/collection.ts';
import { engineWorld } from '../../../support/engine-world.ts';

const entry = resolve(import.meta.dirname, '../../../support/workers/hostile-worker.ts');

it('an import that waits for another worker is cancelled when that is asked for, and can be resumed', async () => {
  const { client, engine, root } = engineWorld({
    workers: { entry, retries: { firstWait: 600_000, longestWait: 600_000 } },
  });
  const photos = join(root, 'photos');
  await drawCollection('glyphs', photos, 2);
  renameSync(join(photos, 'ampersand-001.png'), join(photos, 'hostile.png'));
  const images = engine.grants.add(photos, 'images');
  const made = await client.projects.create({ body: { name: 'Waits', images } });
  const at = { params: { project: made.project.id, run: made.run ?? '' } };
  while ((await client.runs.one(at)).status !== 'interrupted') await wait(10);
  expect(await client.runs.cancel(at)).toMatchObject({ status: 'cancelled', resumable: true });
  expect(await client.runs.one(at)).toMatchObject({ status: 'cancelled' });
});
