import { expect } from 'vitest';
import { knownRun, projectWorld } from '../../../support/project-world.ts';
import type { GroupCases } from './command-case.ts';

async function edited() {
  const world = await projectWorld(3);
  const run = knownRun(world);
  const params = { project: world.open.id };
  const at = { params: { ...params, run } };
  await world.client.transforms.accept({ ...at, body: { selection: { images: [world.images[0]] } } });
  await world.client.transforms.reject({ ...at, body: { selection: { images: [...world.images] } } });
  return { ...world, params, at };
}

export const historyCases: GroupCases<'history'> = {
  page: async () => {
    const { client, params } = await edited();
    const page = await client.history.page({ params, query: { limit: 1 } });
    expect(page.edits.map(({ summary }) => summary)).toEqual(['Reject 3 results']);
    expect(page.state).toEqual({ undo: 'Reject 3 results', redo: null });
    const next = await client.history.page({ params, query: { limit: 1, cursor: page.next ?? '' } });
    expect(next.edits.map(({ summary }) => summary)).toEqual(['Accept one result']);
    expect(next.next).toBeNull();
  },
  undo: async () => {
    const { client, params, at, engine } = await edited();
    const first = await client.history.undo({ params });
    expect(first).toMatchObject({ edit: { summary: 'Reject 3 results', undone: true } });
    expect(first.state).toEqual({ undo: 'Accept one result', redo: 'Reject 3 results' });
    const { transforms } = await client.transforms.page(at);
    expect(transforms.map(({ decision }) => decision)).toEqual(['accepted', 'none', 'none']);
    await client.history.undo({ params });
    expect(await client.history.undo({ params })).toMatchObject({ edit: null, state: { undo: null } });
    expect(engine.hub.after(0)?.map(({ name }) => name)).toContain('history-changed');
  },
  redo: async () => {
    const { client, params, at } = await edited();
    await client.history.undo({ params });
    expect((await client.history.redo({ params })).state).toEqual({ undo: 'Reject 3 results', redo: null });
    expect((await client.history.redo({ params })).edit).toBeNull();
    const { transforms } = await client.transforms.page(at);
    expect(transforms.every(({ decision }) => decision === 'rejected')).toBe(true);
  },
};
