import { join } from 'node:path';
import { expect } from 'vitest';
import { knownRun, projectWorld } from '../../../support/project-world.ts';
import { writable } from '../../../../core/engine/open-projects.ts';
import type { RunId } from '../../../../core/store/ids.ts';
import { saveFilmFrame } from '../../../../core/engine/runs/run-pictures.ts';
import { keyOfRun } from '../../../../core/engine/runs/live-runs.ts';
import type { Matrix3 } from '../../../../core/geometry/matrix.ts';
import { saveImages } from '../../../../core/store/images.ts';
import { saveFrame } from '../../../../core/store/run-frames.ts';
import { saveLosses } from '../../../../core/store/run-losses.ts';
import { glyphNetwork } from '../../../support/glyph-set.ts';
import type { GroupCases } from './command-case.ts';

const quick = { family: 'similarity', rotation: 36, learn: false, size: 32, threads: 1 } as const;

/** A world with a finished run that nothing was computed for. */
async function finished() {
  const world = await projectWorld(3);
  const run = knownRun(world);
  return { ...world, run, params: { project: world.open.id }, at: { params: { project: world.open.id, run } } };
}

/** A world with a run that has begun, and one that waits behind it. */
async function queued() {
  const world = await projectWorld(4);
  const params = { project: world.open.id };
  const start = () => world.client.runs.align({ params, body: quick });
  const [first, second] = [await start(), await start()];
  return {
    ...world,
    params,
    at: (run: string) => ({ params: { ...params, run } }),
    first: first.run,
    second: second.run,
  };
}

export const runsCases: GroupCases<'runs'> = {
  find: async () => {
    const { client, params, at, images, ended } = await finished();
    await client.transforms.edit({
      params: { ...at.params, image: images[0] },
      body: { box: { xmin: 5, ymin: 6, xmax: 70, ymax: 60 } },
    });
    const { run } = await client.runs.find({ params, body: { threads: 1, keepAccepted: at.params.run } });
    const done = await ended(run);
    expect(done).toMatchObject({ kind: 'find', status: 'done', images: 3, failure: null });
    expect(done.model).toMatch(/^learned-/);
    const { transforms } = await client.transforms.page({ params: { ...params, run } });
    expect(transforms[0]).toMatchObject({ status: 'ok', box: { xmin: 5, ymin: 6, xmax: 70, ymax: 60 } });
    const { models } = await client.models.learned({ params });
    expect(models).toMatchObject([{ id: done.model, kind: 'localiser', run }]);
    const applied = await client.runs.apply({ params, body: { model: models[0].id } });
    expect(await ended(applied.run)).toMatchObject({ kind: 'apply', status: 'done', images: 3, failure: null });
  },
  align: async () => {
    const { client, params, at, images, ended } = await finished();
    const box = { xmin: 10, ymin: 10, xmax: 80, ymax: 80 };
    await client.transforms.edit({ params: { ...at.params, image: images[0] }, body: { box } });
    const body = { ...quick, reference: images[1], selection: { filter: { text: 'figure' } } };
    const { run } = await client.runs.align({ params, body });
    expect(await ended(run)).toMatchObject({ status: 'done', seed: 1, failure: null, name: `Align ${run}` });
    const elsewhere = client.runs.align({ params, body: { ...quick, reference: '999' } });
    await expect(elsewhere).rejects.toMatchObject({ code: 'usage' });
  },
  learn: async () => {
    const { client, params, images, ended } = await finished();
    const body = { classes: 'tags', net: glyphNetwork, size: 16, epochs: 1, threads: 1, testShare: 0.4 } as const;
    await expect(client.runs.learn({ params, body })).rejects.toMatchObject({ code: 'too-few-images' });
    for (const [n, name] of ['left', 'right'].entries()) {
      const { id: tag } = await client.tags.create({ params, body: { name } });
      const selection = { images: n === 0 ? images.slice(0, 2) : images.slice(2) };
      await client.tags.assign({ params: { ...params, tag }, body: { selection } });
    }
    const { run } = await client.runs.learn({ params, body });
    const done = await ended(run);
    expect(done).toMatchObject({ kind: 'learn', status: 'done', images: 3, failure: null });
    expect(done.figures).toHaveProperty(['test error (%)']);
    const { models } = await client.models.learned({ params });
    expect(models.map(({ name }) => name)).toContain('classifier.onnx');
    const page = new TextDecoder().decode((await client.runs.report({ params: { ...params, run } })).bytes);
    expect(page).toContain('Confusion');
  },
  classes: async () => {
    const { client, params, images, open } = await finished();
    const none = { classes: [], total: 0, images: 0, smallest: 0, without: 3 };
    expect(await client.runs.classes({ params, body: {} })).toEqual(none);
    const { id: tag } = await client.tags.create({ params, body: { name: 'left' } });
    await client.tags.assign({ params: { ...params, tag }, body: { selection: { images: images.slice(0, 2) } } });
    const tagged = { classes: [{ name: 'left', images: 2 }], total: 1, images: 2, smallest: 2, without: 1 };
    expect(await client.runs.classes({ params, body: { classes: 'tags' } })).toEqual(tagged);
    const selection = { images: [images[2]] };
    expect(await client.runs.classes({ params, body: { classes: 'tags', selection } })).toMatchObject({ without: 1 });
    const files = ['b/one.png', 'a/two.png', 'b/three.png', 'beside.png'].map((name) => join('/elsewhere', name));
    const ids = saveImages(
      writable(open),
      files.map((path, n) => ({
        ...{ path, status: 'ready', sha256: String(n).padStart(64, '0'), bytes: 1, format: 'png', orientation: 1 },
        ...{ width: 8, height: 8, storedWidth: 8, storedHeight: 8 },
      })),
    );
    const folders = { selection: { images: ids.map(String) } };
    expect(await client.runs.classes({ params, body: folders })).toEqual({
      classes: [
        { name: 'a', images: 1 },
        { name: 'b', images: 2 },
      ],
      ...{ total: 2, images: 3, smallest: 1, without: 1 },
    });
  },
  apply: async () => {
    const { client, params } = await finished();
    const missing = client.runs.apply({ params, body: { model: 'learned-77' } });
    await expect(missing).rejects.toMatchObject({ code: 'not-found' });
  },
  page: async () => {
    const { client, params, run } = await finished();
    const { runs, next } = await client.runs.page({ params, query: { kind: ['align'], status: ['done'], limit: 1 } });
    expect(runs.map(({ id }) => id)).toEqual([run]);
    expect(next).toBeNull();
    expect((await client.runs.page({ params, query: { kind: ['find'] } })).runs).toEqual([]);
  },
  one: async () => {
    const { client, at } = await finished();
    expect(await client.runs.one(at)).toMatchObject({ status: 'done', resumable: false, progress: null });
  },
  rename: async () => {
    const { client, at, params } = await finished();
    expect(await client.runs.rename({ ...at, body: { name: 'Wings' } })).toMatchObject({ name: 'Wings' });
    await client.history.undo({ params });
    expect((await client.runs.one(at)).name).toBe(`Align ${at.params.run}`);
  },
  pause: async () => {
    const { client, at, second, first } = await queued();
    expect(await client.runs.pause(at(second))).toMatchObject({ status: 'paused' });
    expect(await client.runs.pause(at(first))).toMatchObject({ status: 'paused' });
  },
  resume: async () => {
    const { client, at, first, second, ended } = await queued();
    await client.runs.cancel(at(first));
    expect(await client.runs.resume(at(first))).toMatchObject({ status: 'queued' });
    expect((await ended(second)).status).toBe('done');
    expect((await ended(first)).status).toBe('done');
    await expect(client.runs.resume(at(first))).rejects.toMatchObject({ code: 'conflict' });
  },
  cancel: async () => {
    const { client, at, first, second } = await queued();
    expect(await client.runs.cancel(at(second))).toMatchObject({ status: 'cancelled', resumable: true });
    expect(await client.runs.cancel(at(first))).toMatchObject({ status: 'cancelled' });
    expect(await client.runs.cancel(at(first))).toMatchObject({ status: 'cancelled' });
  },
  remove: async () => {
    const { client, at, first } = await queued();
    await expect(client.runs.remove(at(first))).rejects.toMatchObject({ code: 'conflict' });
    await client.runs.cancel(at(first));
    await client.runs.remove(at(first));
    await expect(client.runs.one(at(first))).rejects.toMatchObject({ code: 'not-found' });
  },
  losses: async () => {
    const { client, at, open, run } = await finished();
    const points = Array.from({ length: 50 }, (_, step) => ({ stage: 'learn', step, loss: 1 / (step + 1) }));
    saveLosses(writable(open), Number(run) as RunId, points);
    const { series } = await client.runs.losses({ ...at, query: { points: 5 } });
    expect(series.map(({ phase, steps }) => [phase, steps])).toEqual([['learn', [0, 12, 25, 37, 49]]]);
  },
  frames: async () => {
    const { client, at, open, run } = await finished();
    saveFrame(writable(open), Number(run) as RunId, { stage: 'refine', madeAt: 7, picture: new Uint8Array([1]) });
    expect((await client.runs.frames(at)).frames).toEqual([{ id: '1', phase: 'refine', step: 1, at: 7 }]);
  },
  frame: async () => {
    const { client, at, open, run } = await finished();
    const picture = new Uint8Array([1, 2, 3]);
    saveFrame(writable(open), Number(run) as RunId, { stage: 'refine', madeAt: 7, picture });
    const { bytes, mediaType } = await client.runs.frame({ params: { ...at.params, frame: '1' } });
    expect([[...bytes], mediaType]).toEqual([[1, 2, 3], 'image/png']);
    await expect(client.runs.frame({ params: { ...at.params, frame: '2' } })).rejects.toMatchObject({
      code: 'not-found',
    });
    const std = new Uint8Array([4, 5]);
    const frame = String(saveFilmFrame(writable(open), Number(run) as RunId, { phase: 'refine', mean: picture, std }));
    const asked = { params: { ...at.params, frame }, query: { of: 'std' } } as const;
    expect([...(await client.runs.frame(asked)).bytes]).toEqual([4, 5]);
    expect((await client.runs.frames(at)).frames.map(({ id }) => id)).toEqual(['1', frame]);
  },
  poses: async () => {
    const { client, at, open, run, images, engine } = await finished();
    expect(await client.runs.poses(at)).toEqual({ frame: null, poses: [] });
    const film = { frame: '3', poses: [{ image: images[1], toUnit: [0.5, 0, 0, 0, 0.5, 0, 0, 0, 1] as Matrix3 }] };
    const key = keyOfRun(open.id, Number(run) as RunId);
    engine.runs.byKey.set(key, { progress: null, interruptions: 0, seconds: () => 0, failures: [], film });
    const { width, height } = await client.transforms.one({ params: { ...at.params, image: images[1] } });
    const half = [(width ?? 0) / 2, (height ?? 0) / 2];
    expect(await client.runs.poses(at)).toMatchObject({
      frame: '3',
      poses: [
        {
          image: images[1],
          name: 'figure-1.png',
          width,
          height,
          canonicalToImage: [half[0] / 2, 0, half[0], 0, half[1] / 2, half[1], 0, 0, 1],
        },
      ],
    });
  },
  picture: async () => {
    const { client, at } = await finished();
    const none = client.runs.picture({ params: { ...at.params, picture: 'mean' } });
    await expect(none).rejects.toMatchObject({ code: 'not-found' });
  },
  report: async () => {
    const { client, at } = await finished();
    const { bytes, mediaType } = await client.runs.report(at);
    expect(mediaType).toBe('text/html');
    expect(new TextDecoder().decode(bytes)).toContain('figure-2.png');
  },
  failures: async () => {
    const { client, params, ended, folder } = await finished();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${folder}/figure-0.png`, 'no picture');
    const { run } = await client.runs.align({ params, body: quick });
    expect(await ended(run)).toMatchObject({ status: 'done', images: 2, failedImages: 1 });
    const { failures, next } = await client.runs.failures({ params: { ...params, run }, query: { limit: 1 } });
    expect(failures).toMatchObject([{ file: 'figure-0.png', image: '1' }]);
    expect(next).toBeNull();
  },
};
