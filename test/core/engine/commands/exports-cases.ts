import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readMetadataJsonl } from '../../../../core/datasets/metadata-jsonl.ts';
import { knownRun, projectWorld } from '../../../support/project-world.ts';
import type { GroupCases } from './command-case.ts';

async function aligned() {
  const world = await projectWorld(4);
  const run = knownRun(world);
  const params = { project: world.open.id };
  const at = { params: { ...params, run } };
  const { client, images } = world;
  await client.transforms.reject({ ...at, body: { selection: { images: [images[0]] } } });
  return { ...world, run, params, at };
}

export const exportsCases: GroupCases<'exports'> = {
  preview: async () => {
    const { client, params, run, images } = await aligned();
    const preview = (options = {}) =>
      client.exports.preview({ params, body: { options: { run, size: 64, ...options }, first: 2 } });
    const found = await preview();
    expect(found).toMatchObject({ included: 3, leftOut: [{ reason: 'they were rejected', images: 1 }] });
    expect(found.first).toEqual([
      { image: images[1], target: 'images/figure-1.png', upscaled: true },
      { image: images[2], target: 'images/figure-2.png', upscaled: true },
    ]);
    expect(found.warnings[0]).toContain('enlarged');
    expect((await preview({ rejected: true })).included).toBe(4);
    expect((await preview({ onlyAccepted: true })).included).toBe(0);
    expect((await preview({ minimumResolution: 5 })).leftOut.at(-1)?.reason).toContain('too few pixels');
  },
  start: async () => {
    const { client, params, run, at, images, root, ended, engine } = await aligned();
    const box = { xmin: 0, ymin: 0, xmax: 50, ymax: 50 };
    await client.transforms.edit({ params: { ...at.params, image: images[2] }, body: { box } });
    const shape = { kind: 'point', at: [25, 25] as [number, number] } as const;
    await client.annotations.create({ params, body: { on: { image: images[2] }, label: 'eye', shape } });
    const options = { run, size: 32, split: { train: 0.5, validation: 0, test: 0.5 } };
    const started = await client.exports.start({ params, body: { options, name: 'dataset' } });
    const done = await ended(started.run);
    expect(done).toMatchObject({ kind: 'export', status: 'done', failure: null, figures: { crops: 3, 'left out': 1 } });
    const out = join(root, 'dataset');
    expect(readdirSync(join(out, 'images')).sort()).toEqual(['figure-1.png', 'figure-2.png', 'figure-3.png']);
    const rows = readMetadataJsonl(readFileSync(join(out, 'metadata.jsonl'), 'utf8'), 'metadata.jsonl');
    expect(rows[1].canonical_to_source).toEqual([25, 0, 25, 0, 25, 25, 0, 0, 1]);
    expect(rows[1].annotations).toEqual([
      { kind: 'point', label: 'eye', landmark: null, propagated: false, points: [[16, 16]], outside: false },
    ]);
    expect(rows.map(({ split }) => split).filter((split) => split === 'validation')).toEqual([]);
    await expect(client.exports.start({ params, body: { options, name: 'dataset' } })).rejects.toMatchObject({
      code: 'output-not-empty',
    });
    await expect(client.exports.start({ params, body: { options, name: '../up' } })).rejects.toMatchObject({
      code: 'usage',
    });
    const granted = engine.grants.add(join(root, 'pictures'), 'export');
    const other = await client.exports.start({ params, body: { options, name: 'there', place: granted } });
    expect((await ended(other.run)).status).toBe('done');
    expect(existsSync(join(root, 'pictures', 'there', 'metadata.jsonl'))).toBe(true);
  },
  list: async () => {
    const { client, params, run, ended, root } = await aligned();
    const started = await client.exports.start({ params, body: { options: { run, size: 16 }, name: 'small' } });
    await ended(started.run);
    const { exports } = await client.exports.list({ params });
    expect(exports).toMatchObject([{ run: started.run, source: run, images: 3, place: join(root, 'small') }]);
    expect(exports[0].bytes).toBeGreaterThan(300);
  },
};
