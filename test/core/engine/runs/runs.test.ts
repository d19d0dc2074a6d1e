import { describe, expect, it } from 'vitest';
import { projectWorld } from '../../../support/project-world.ts';

const quick = { family: 'similarity', rotation: 36, learn: false, size: 32, threads: 1 } as const;

describe('runs', () => {
  it('align all images and leave transforms, scores, pictures, losses and a report', async () => {
    const { client, open, images, ended, engine } = await projectWorld();
    const params = { project: open.id };
    const { run } = await client.runs.align({ params, body: { ...quick, name: 'First' } });
    const done = await ended(run);
    expect(done.failure).toBeNull();
    expect(done).toMatchObject({ kind: 'align', name: 'First', status: 'done', images: 5, failedImages: 0, seed: 1 });
    expect(done.options).toMatchObject({ family: 'similarity', rotation: 36, features: 'gradients' });
    expect(done.pictures).toEqual(['mean', 'std', 'mean-before']);
    expect(done.figures['median similarity']).toBeGreaterThan(0.5);
    const inRun = { params: { ...params, run } };
    const page = await client.transforms.page({ ...inRun, query: { sort: 'score', by: 'similarity' } });
    expect(page.total).toBe(images.length);
    const similarities = page.transforms.map(({ scores }) => scores['similarity']);
    expect(similarities).toEqual([...similarities].sort((a, b) => a - b));
    expect(page.transforms[0].name).toMatch(/^figure-\d\.png$/);
    expect((await client.runs.losses(inRun)).series.length).toBeGreaterThan(0);
    const picture = await client.runs.picture({ params: { ...params, run, picture: 'mean' } });
    expect(picture.mediaType).toBe('image/png');
    const report = new TextDecoder().decode((await client.runs.report(inRun)).bytes);
    expect(report).toContain('First');
    expect(report).toContain('figure-0.png');
    const seen = engine.hub.after(0)?.map(({ name }) => name) ?? [];
    expect(seen).toContain('run-progress');
    expect(seen).toContain('transforms-changed');
  });

  it('queue, pause, go on, and can be cancelled and resumed to the same result', async () => {
    const { client, open, ended } = await projectWorld();
    const params = { project: open.id };
    const first = await client.runs.align({ params, body: quick });
    const second = await client.runs.align({ params, body: quick });
    const at = (run: string) => ({ params: { ...params, run } });
    expect((await client.runs.one(at(second.run))).status).toBe('queued');
    expect((await client.runs.pause(at(second.run))).status).toBe('paused');
    expect((await ended(first.run)).status).toBe('done');
    expect((await client.runs.one(at(second.run))).status).toBe('paused');
    await expect(client.runs.pause(at(first.run))).rejects.toMatchObject({ code: 'conflict' });
    expect((await client.runs.resume(at(second.run))).status).toBe('running');
    expect(await client.runs.cancel(at(second.run))).toMatchObject({ status: 'cancelled', resumable: true });
    await client.runs.resume(at(second.run));
    // Asked for while it is still being stopped, it goes on all the same.
    await Promise.all([client.runs.cancel(at(second.run)), client.runs.resume(at(second.run))]);
    expect(['queued', 'running']).toContain((await client.runs.one(at(second.run))).status);
    expect((await ended(second.run)).status).toBe('done');
    const [a, b] = await Promise.all([first, second].map(({ run }) => client.transforms.page(at(run))));
    expect(b.transforms.map(({ canonicalToImage }) => canonicalToImage)).toEqual(
      a.transforms.map(({ canonicalToImage }) => canonicalToImage),
    );
    await client.runs.remove(at(second.run));
    await expect(client.runs.one(at(second.run))).rejects.toMatchObject({ code: 'not-found' });
    expect((await client.runs.page({ params })).runs.map(({ id }) => id)).toEqual([first.run]);
  });

  it('say why they fail, and refuse what cannot be', async () => {
    const { client, open, images, ended, folder } = await projectWorld(3);
    const params = { project: open.id };
    await expect(client.runs.learn({ params, body: {} })).rejects.toMatchObject({ code: 'too-few-images' });
    await expect(
      client.runs.align({ params, body: { ...quick, selection: { images: [images[0]] } } }),
    ).rejects.toMatchObject({ code: 'too-few-images' });
    const { rmSync } = await import('node:fs');
    for (const name of ['figure-0.png', 'figure-1.png']) rmSync(`${folder}/${name}`);
    const { run } = await client.runs.align({ params, body: quick });
    const failed = await ended(run);
    expect(failed).toMatchObject({ status: 'failed', resumable: true });
    expect(failed.failure?.code).toBe('too-few-images');
    const { failures } = await client.runs.failures({ params: { ...params, run } });
    expect(failures).toEqual([]);
  });
});
