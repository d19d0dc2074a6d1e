import { expect } from 'vitest';
import { projectWorld } from '../../../support/project-world.ts';
import type { GroupCases } from './command-case.ts';

const body = {
  name: 'Beetle',
  points: ['head', 'left', 'right'],
  edges: [[0, 1] as [number, number]],
  mirrored: [[1, 2] as [number, number]],
};

async function withSchema() {
  const world = await projectWorld(2);
  const params = { project: world.open.id };
  return { ...world, params, schema: await world.client.landmarks.create({ params, body }) };
}

export const landmarksCases: GroupCases<'landmarks'> = {
  list: async () => {
    const { client, params, schema } = await withSchema();
    expect(await client.landmarks.list({ params })).toEqual({ schemas: [{ ...body, id: schema.id }] });
  },
  create: async () => {
    const { client, params } = await withSchema();
    await expect(client.landmarks.create({ params, body })).rejects.toMatchObject({ code: 'conflict' });
    const wrong = { name: 'Other', points: ['a', 'a'] };
    await expect(client.landmarks.create({ params, body: wrong })).rejects.toMatchObject({ code: 'usage' });
  },
  edit: async () => {
    const { client, params, schema } = await withSchema();
    const at = { params: { ...params, schema: schema.id } };
    const changed = { name: 'Bug', points: ['head'], edges: [], mirrored: [] };
    expect(await client.landmarks.edit({ ...at, body: changed })).toEqual({ ...changed, id: schema.id });
    await client.history.undo({ params });
    expect((await client.landmarks.list({ params })).schemas[0].name).toBe('Beetle');
  },
  remove: async () => {
    const { client, params, schema, images } = await withSchema();
    const landmark = { schema: schema.id, name: 'head' };
    const shape = { kind: 'point', at: [1, 2] as [number, number], landmark } as const;
    const on = { image: images[0] };
    expect((await client.annotations.create({ params, body: { on, shape } })).shape).toMatchObject({ landmark });
    await client.landmarks.remove({ params: { ...params, schema: schema.id } });
    const { annotations } = await client.annotations.page({ params });
    expect(annotations[0].shape).toMatchObject({ landmark: null });
    await client.history.undo({ params });
    expect((await client.annotations.page({ params })).annotations[0].shape).toMatchObject({ landmark });
  },
};
