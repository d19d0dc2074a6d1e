import { renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { writable } from '../../../../core/engine/open-projects.ts';
import { findImage, saveImages } from '../../../../core/store/images.ts';
import type { ImageId } from '../../../../core/store/ids.ts';
import { listStrikes } from '../../../../core/store/strikes.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import { projectWorld } from '../../../support/project-world.ts';

const entry = resolve(import.meta.dirname, '../../../support/workers/hostile-worker.ts');

it('an image over which two workers died costs no third, whatever is asked of it, until a person wants it tried again', async () => {
  const world = await projectWorld(2, engineWorld({ workers: { entry } }));
  const { open, engine, folder, client } = world;
  const project = writable(open);
  const path = join(folder, 'hostile.png');
  renameSync(join(folder, 'figure-1.png'), path);
  const [first, second] = world.images;
  const known = findImage(project, Number(second) as ImageId);
  if (known?.status !== 'ready') throw new Error('the figure is not there');
  const [id] = saveImages(project, [{ ...known, path }]);
  const params = { project: open.id, image: String(id) };
  const pids = new Set<number | undefined>();
  engine.hub.onChange(() => engine.workers.status().workers.forEach(({ pid }) => pids.add(pid)));
  const refused = { code: 'input-unreadable', message: expect.stringContaining('SIGSEGV') as string };
  await expect(client.pictures.warp({ params, query: { family: 'affine' } })).rejects.toMatchObject(refused);
  expect(listStrikes(project)).toMatchObject([{ path, count: 2 }]);
  const forked = pids.size;
  await expect(client.pictures.thumbnail({ params })).rejects.toMatchObject(refused);
  const tile = { params: { ...params, level: 0, column: 0, row: 0 } };
  await expect(client.pictures.tile(tile)).rejects.toMatchObject(refused);
  const other = { params: { ...params, image: first }, query: { family: 'affine' as const } };
  expect((await client.pictures.warp(other)).bytes.length).toBeGreaterThan(99);
  expect(pids.size).toBe(forked);
  await client.images.retry({ params, body: { selection: { images: [String(id)] } } });
  expect(listStrikes(project)).toEqual([]);
});
