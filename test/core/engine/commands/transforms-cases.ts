import { expect } from 'vitest';
import { applyPoint } from '../../../../core/geometry/matrix.ts';
import { knownRun, projectWorld } from '../../../support/project-world.ts';
import type { GroupCases } from './command-case.ts';

async function world() {
  const found = await projectWorld(4);
  const run = knownRun(found);
  return { ...found, run, at: { params: { project: found.open.id, run } } };
}

export const transformsCases: GroupCases<'transforms'> = {
  page: async () => {
    const { client, at, images } = await world();
    const query = { sort: 'score', by: 'similarity', direction: 'descending', limit: 3 } as const;
    const first = await client.transforms.page({ ...at, query });
    expect(first.transforms.map(({ image }) => image)).toEqual([images[3], images[2], images[1]]);
    expect(first.total).toBe(4);
    const rest = await client.transforms.page({ ...at, query: { ...query, cursor: first.next ?? '' } });
    expect(rest.transforms.map(({ image }) => image)).toEqual([images[0]]);
    expect(rest.next).toBeNull();
    await expect(client.transforms.page({ ...at, query: { cursor: 'abc' } })).rejects.toMatchObject({
      code: 'malformed',
    });
    const states = { sort: 'status', direction: 'descending', limit: 3 } as const;
    const last = await client.transforms.page({ ...at, query: states });
    expect(last.transforms.map(({ image }) => image)).toEqual([images[3], images[2], images[1]]);
    const one = await client.transforms.page({ ...at, query: { ...states, cursor: last.next ?? '' } });
    expect([one.transforms.map(({ image }) => image), one.next, one.total]).toEqual([[images[0]], null, 4]);
    const named = await client.transforms.page({ ...at, query: { text: 'figure-2' } });
    expect(named.transforms.map(({ image }) => image)).toEqual([images[2]]);
  },
  columns: async () => {
    const { client, at, images } = await world();
    const columns = await client.transforms.columns({ ...at, query: { limit: 3 } });
    expect(columns.images).toEqual(images.slice(0, 3));
    expect(columns.names).toEqual(['figure-0.png', 'figure-1.png', 'figure-2.png']);
    expect(columns.status).toEqual(['ok', 'ok', 'ok']);
    expect(columns.decision).toEqual(['none', 'none', 'none']);
    expect(columns.scores).toEqual({ similarity: [0, 0.1, 0.2] });
    expect(Object.keys(columns.reading).sort()).toEqual(['angle', 'scale', 'shear', 'shiftX', 'shiftY', 'stretch']);
    const rest = await client.transforms.columns({ ...at, query: { cursor: columns.next ?? '' } });
    expect(rest.images).toEqual(images.slice(3));
    const project = { project: at.params.project };
    await client.images.remove({ params: project, body: { selection: { images: images.slice(0, 3) } } });
    expect((await client.transforms.columns(at)).images).toEqual(images.slice(3));
  },
  one: async () => {
    const { client, at, images, figures } = await world();
    const one = await client.transforms.one({ params: { ...at.params, image: images[1] } });
    const row = (await client.images.page({ params: { project: at.params.project } })).images[1];
    const { width, height, thumbnail } = row;
    expect(one).toMatchObject({ width, height, thumbnail });
    expect(one.canonicalToImage).toEqual([...figures[1].truth]);
    const { truth } = figures[1];
    expect(one.reading?.angle).toBeCloseTo((Math.atan2(truth[3], truth[0]) * 180) / Math.PI, 6);
    expect(one.parameters).toHaveLength(4);
    await expect(client.transforms.one({ params: { ...at.params, image: '999' } })).rejects.toMatchObject({
      code: 'not-found',
    });
  },
  edit: async () => {
    const { client, at, images } = await world();
    const one = { params: { ...at.params, image: images[0] } };
    const before = await client.transforms.one(one);
    const parameters = [...(before.parameters ?? [])];
    const same = await client.transforms.edit({ ...one, body: { family: 'similarity', parameters } });
    same.canonicalToImage?.forEach((value, n) => expect(value).toBeCloseTo(before.canonicalToImage?.[n] ?? NaN, 9));
    expect(same.decision).toBe('edited');
    const pins = [
      { canonical: [0, 0] as [number, number], image: [40, 30] as [number, number] },
      { canonical: [1, 0] as [number, number], image: [60, 30] as [number, number] },
    ];
    const pinned = await client.transforms.edit({ ...one, body: { family: 'similarity', pins } });
    const [a, b, c, d, e, f, g, h, i] = pinned.canonicalToImage ?? [];
    expect(applyPoint([a, b, c, d, e, f, g, h, i], 1, 0).x).toBeCloseTo(60, 9);
    expect(pinned.v).not.toBe(before.v);
    expect([before.pins, pinned.pins]).toEqual([null, pins]);
    const boxed = await client.transforms.edit({ ...one, body: { box: { xmin: 0, ymin: 0, xmax: 10, ymax: 20 } } });
    expect(boxed.canonicalToImage).toEqual([10, 0, 5, 0, 10, 10, 0, 0, 1]);
    await expect(
      client.transforms.edit({ ...one, body: { matrix: [1, 0, 0, 1, 0, 0, 0, 0, 1] } }),
    ).rejects.toMatchObject({ code: 'usage' });
    await client.history.undo({ params: { project: at.params.project } });
    expect((await client.transforms.one(one)).canonicalToImage).toEqual(pinned.canonicalToImage);
  },
  accept: async () => {
    const { client, at, images } = await world();
    const filter = { run: at.params.run, score: 'similarity', scoreFrom: 0.15 };
    expect(await client.transforms.accept({ ...at, body: { selection: { filter } } })).toEqual({ changed: 2 });
    const { transforms } = await client.transforms.page({ ...at, query: { decision: ['accepted'] } });
    expect(transforms.map(({ image }) => image)).toEqual(images.slice(2));
  },
  reject: async () => {
    const { client, at, images } = await world();
    await client.transforms.reject({ ...at, body: { selection: { images: [images[1]] } } });
    expect((await client.transforms.one({ params: { ...at.params, image: images[1] } })).decision).toBe('rejected');
  },
  reset: async () => {
    const { client, at, images } = await world();
    const one = { params: { ...at.params, image: images[0] } };
    const before = await client.transforms.one(one);
    await client.transforms.edit({ ...one, body: { box: { xmin: 0, ymin: 0, xmax: 10, ymax: 20 } } });
    await client.transforms.reset({ ...at, body: { selection: { images: [images[0]] } } });
    expect(await client.transforms.one(one)).toEqual(before);
  },
  rerun: async () => {
    const { client, at, images, ended } = await world();
    const params = { project: at.params.project };
    await client.transforms.accept({ ...at, body: { selection: { images: images.slice(0, 2) } } });
    await client.transforms.reject({ ...at, body: { selection: { images: [images[3]] } } });
    const changes = { family: 'similarity', rotation: 36, learn: false, size: 32, threads: 1 } as const;
    const { run } = await client.transforms.rerun({ ...at, body: { changes } });
    const done = await ended(run);
    expect(done.failure).toBeNull();
    const [old, made] = await Promise.all(
      [at.params.run, run].map((id) => client.transforms.page({ params: { ...params, run: id } })),
    );
    expect(made.transforms.map(({ image }) => image)).toEqual(images.slice(0, 3));
    for (const n of [0, 1]) expect(made.transforms[n].canonicalToImage).toEqual(old.transforms[n].canonicalToImage);
    expect(made.transforms[2].canonicalToImage).not.toEqual(old.transforms[2].canonicalToImage);
  },
};
