import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { FrameMessage } from '../../../core/compute/job.ts';
import type { Learned } from '../../../core/compute/learned.ts';
import { createWorkers } from '../../../core/compute/supervisor/workers.ts';
import { drawCollection } from '../../support/collection.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { collect } from '../../support/workers/test-workers.ts';

const common = { features: 'gradients', allowDamaged: false } as const;
const kinds = {
  find: { objectSize: 'auto', objective: 'gain', net: 'heat-map', ...common },
  align: { family: 'similarity', rotation: 20, mirror: false, learn: false, size: 64, ...common },
} as const;

it.each(['find', 'align'] as const)('%s shows the mean as it goes on, and finds the same without', async (kind) => {
  const folder = join(temporaryFolder(), 'images');
  await drawCollection('glyphs', folder, 8);
  const files = readdirSync(folder).map((id) => ({ id, path: join(folder, id) }));
  const workers = createWorkers();
  onTestFinished(() => workers.close());
  const signal = new AbortController().signal;
  const results: Learned[] = [];
  const frames: FrameMessage[] = [];
  for (const film of [true, false]) {
    const messages = workers.run(
      kind,
      { files, ...kinds[kind] },
      {
        signal,
        priority: 'run',
        threads: 1,
        film,
      },
    );
    const { result } = await collect(messages, (message) => {
      if (message.event === 'frame') frames.push(message);
    });
    results.push(result);
  }
  expect(results[0]).toEqual(results[1]);
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.map(({ index }) => index)).toEqual(frames.map((_, n) => n));
  const names = files.map(({ id }) => id).sort();
  for (const { mean, std, poses, width, height } of frames) {
    expect(poses?.map(({ id }) => id).sort()).toEqual(names);
    expect(width * height).toBeLessThanOrEqual(128 ** 2);
    for (const picture of [mean, std]) expect(String.fromCharCode(...(picture ?? []).slice(1, 4))).toBe('PNG');
  }
});
