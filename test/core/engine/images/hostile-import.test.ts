import { renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createWorkers } from '../../../../core/compute/supervisor/workers.ts';
import { importImages } from '../../../../core/engine/images/import-images.ts';
import { listImages } from '../../../../core/store/images.ts';
import { closeProject, openProject } from '../../../../core/store/project-file.ts';
import { listStrikes } from '../../../../core/store/strikes.ts';
import { drawCollection } from '../../../support/collection.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const entry = resolve(import.meta.dirname, '../../../support/workers/hostile-worker.ts');

it('an image over which decoders crash costs itself, is known from then on, and the import goes on', async () => {
  const folder = temporaryFolder();
  await drawCollection('glyphs', folder, 6);
  renameSync(join(folder, 'ampersand-003.png'), join(folder, 'hostile.png'));
  const project = openProject(join(temporaryFolder(), 'a.congeal'), { create: true });
  onTestFinished(() => closeProject(project));
  const workers = createWorkers({ entry, retries: { firstWait: 1, longestWait: 1 } });
  onTestFinished(() => workers.close());
  const plan = { folders: [folder], mode: 'look', bringBack: false, allowDamaged: false } as const;
  const limits = { pixels: 1e8, bytes: 1e8 };
  const surroundings = { workers, signal: new AbortController().signal, limits, keep: () => undefined };
  const said: string[] = [];
  for await (const event of importImages(project, plan, surroundings)) said.push(event.event);
  expect(said.filter((event) => event === 'interrupted')).toHaveLength(2);
  const images = listImages(project);
  expect(images.filter(({ status }) => status === 'ready')).toHaveLength(5);
  expect(images.find(({ status }) => status === 'failed')).toMatchObject({
    path: join(folder, 'hostile.png'),
    failureCode: 'image-quarantined',
  });
  expect(listStrikes(project)).toMatchObject([{ path: join(folder, 'hostile.png'), count: 2 }]);

  const again: string[] = [];
  const only = [{ path: join(folder, 'hostile.png'), name: 'hostile.png' }];
  for await (const event of importImages(project, { ...plan, only }, surroundings)) again.push(event.event);
  expect(again).not.toContain('interrupted');
});
