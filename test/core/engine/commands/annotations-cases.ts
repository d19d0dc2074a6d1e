import { expect } from 'vitest';
import { applyPoint } from '../../../../core/geometry/matrix.ts';
import { knownRun, projectWorld, type ProjectWorld } from '../../../support/project-world.ts';
import type { GroupCases } from './command-case.ts';

/** A world with a finished run, a point on its canonical frame, and a box on the first image. */
async function annotated(): Promise<
  ProjectWorld & {
    readonly run: string;
    readonly point: string;
    readonly box: string;
    readonly params: { project: string };
  }
> {
  const world = await projectWorld(4);
  const run = knownRun(world);
  const params = { project: world.open.id };
  const { client, images } = world;
  const point = await client.annotations.create({
    params,
    body: { on: { canonicalOf: run }, label: 'tip', shape: { kind: 'point', at: [0.5, -0.25] } },
  });
  const box = await client.annotations.create({
    params,
    body: {
      on: { image: images[0] },
      shape: { kind: 'box', box: { xmin: 30, ymin: 30, xmax: 60, ymax: 50 }, angle: 10 },
    },
  });
  return { ...world, run, params, point: point.id, box: box.id };
}

export const annotationsCases: GroupCases<'annotations'> = {
  page: async () => {
    const { client, params, run, point, box, images } = await annotated();
    const all = await client.annotations.page({ params });
    expect(all.annotations.map(({ id }) => id)).toEqual([point, box]);
    const first = await client.annotations.page({ params, query: { limit: 1 } });
    const rest = await client.annotations.page({ params, query: { limit: 1, cursor: first.next ?? '' } });
    expect([first.total, first.annotations[0].id, rest.annotations[0].id, rest.next]).toEqual([2, point, box, null]);
    const ofFrame = await client.annotations.page({ params, query: { canonicalOf: run } });
    expect(ofFrame.annotations.map(({ label }) => label)).toEqual(['tip']);
    expect((await client.annotations.page({ params, query: { image: images[0] } })).total).toBe(1);
    expect((await client.annotations.page({ params, query: { label: 'none' } })).total).toBe(0);
  },
  create: async () => {
    const { client, params, images } = await annotated();
    const on = { image: images[1] };
    const made = await client.annotations.create({
      params,
      body: {
        on,
        shape: {
          kind: 'polygon',
          points: [
            [0, 0],
            [10, 0],
            [-5, 7],
          ],
        },
      },
    });
    expect(made).toMatchObject({ on, outside: true, propagatedFrom: null, label: null });
    await expect(
      client.annotations.create({ params, body: { on: { image: '999' }, shape: { kind: 'point', at: [1, 1] } } }),
    ).rejects.toMatchObject({ code: 'not-found' });
  },
  edit: async () => {
    const { client, params, box } = await annotated();
    const at = { params: { ...params, annotation: box } };
    expect(await client.annotations.edit({ ...at, body: { label: 'wing' } })).toMatchObject({
      label: 'wing',
      shape: { kind: 'box', angle: 10 },
    });
    const at34: [number, number] = [3, 4];
    const shape = { kind: 'point', at: at34, visible: false } as const;
    expect((await client.annotations.edit({ ...at, body: { shape } })).shape).toMatchObject(shape);
    expect((await client.history.page({ params })).edits[0].summary).toBe('Change a point');
  },
  remove: async () => {
    const { client, params, box } = await annotated();
    await client.annotations.remove({ params: { ...params, annotation: box } });
    expect((await client.annotations.page({ params })).total).toBe(1);
    await client.history.undo({ params });
    expect((await client.annotations.page({ params })).total).toBe(2);
  },
  propagate: async () => {
    const { client, params, run, point, box, images, figures } = await annotated();
    const carry = (annotations: string[], more = {}) =>
      client.annotations.propagate({ params, body: { run, annotations, ...more } });
    expect(await carry([point])).toEqual({ made: 4, replaced: 0, outside: 0 });
    const { annotations } = await client.annotations.page({ params, query: { image: images[2], propagated: true } });
    const { x, y } = applyPoint(figures[2].truth, 0.5, -0.25);
    expect(annotations[0]).toMatchObject({ label: 'tip', propagatedFrom: point, shape: { at: [x, y] } });
    await client.annotations.edit({
      params: { ...params, annotation: annotations[0].id },
      body: { shape: { kind: 'point', at: [1, 2] } },
    });
    expect(await carry([point])).toEqual({ made: 3, replaced: 3, outside: 0 });
    expect((await client.annotations.page({ params, query: { image: images[2] } })).annotations).toHaveLength(1);
    expect(await carry([box], { selection: { images: [images[1]] }, boxes: 'enclosing-box' })).toMatchObject({
      made: 1,
    });
    const carried = await client.annotations.page({ params, query: { image: images[1], propagated: true } });
    expect(carried.annotations.map(({ shape }) => shape.kind).sort()).toEqual(['box', 'point']);
    await client.transforms.reject({ params: { ...params, run }, body: { selection: { images: [images[3]] } } });
    expect(await carry([point])).toMatchObject({ made: 2 });
  },
  confirm: async () => {
    const { client, params, run, point } = await annotated();
    await client.annotations.propagate({ params, body: { run, annotations: [point] } });
    const { annotations } = await client.annotations.page({ params, query: { propagated: true } });
    const ids = annotations.map(({ id }) => id);
    expect(await client.annotations.confirm({ params, body: { annotations: ids } })).toEqual({ changed: 4 });
    expect(await client.annotations.confirm({ params, body: { annotations: ids } })).toEqual({ changed: 0 });
    const body = { run, annotations: [point] };
    expect(await client.annotations.propagate({ params, body })).toMatchObject({ made: 0, replaced: 0 });
  },
};
