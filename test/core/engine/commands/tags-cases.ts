import { expect } from 'vitest';
import { filledProject } from '../../../support/filled-project.ts';
import type { GroupCases } from './command-case.ts';

async function tagged() {
  const filled = await filledProject();
  const params = { project: filled.project };
  const tag = await filled.client.tags.create({ params, body: { name: 'Good', colour: 'green' } });
  return { ...filled, params, tag, inTag: { ...params, tag: tag.id } };
}

export const tagsCases: GroupCases<'tags'> = {
  list: async () => {
    const { client, params, tag } = await tagged();
    expect(await client.tags.list({ params })).toEqual({ tags: [tag] });
  },
  create: async () => {
    const { client, params, tag } = await tagged();
    expect(tag).toMatchObject({ name: 'Good', colour: 'green', images: 0 });
    await expect(client.tags.create({ params, body: { name: 'Good' } })).rejects.toMatchObject({ code: 'conflict' });
    await client.history.undo({ params });
    expect(await client.tags.list({ params })).toEqual({ tags: [] });
  },
  edit: async () => {
    const { client, params, inTag } = await tagged();
    expect(await client.tags.edit({ params: inTag, body: { name: 'Better' } })).toMatchObject({
      name: 'Better',
      colour: 'green',
    });
    await client.tags.create({ params, body: { name: 'Good' } });
    await expect(client.tags.edit({ params: inTag, body: { name: 'Good' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    const none = { ...params, tag: '99' };
    await expect(client.tags.edit({ params: none, body: {} })).rejects.toMatchObject({ code: 'not-found' });
  },
  remove: async () => {
    const { client, params, inTag } = await tagged();
    await client.tags.assign({ params: inTag, body: { selection: { images: ['1', '2'] } } });
    await client.tags.remove({ params: inTag });
    expect((await client.images.page({ params })).images.flatMap(({ tags }) => tags)).toEqual([]);
    await client.history.undo({ params });
    expect((await client.tags.list({ params })).tags).toMatchObject([{ name: 'Good', images: 2 }]);
  },
  assign: async () => {
    const { client, params, inTag, tag } = await tagged();
    const body = { selection: { images: ['1', '2', '2'] } };
    expect(await client.tags.assign({ params: inTag, body })).toEqual({ changed: 2 });
    const { images, total } = await client.images.page({ params, query: { tags: [tag.id] } });
    expect([total, images.map(({ id }) => id)]).toEqual([2, ['1', '2']]);
    const without = await client.images.page({ params, query: { withoutTags: [tag.id] } });
    expect(without.images.map(({ id }) => id)).toEqual(['3']);
  },
  unassign: async () => {
    const { client, params, inTag } = await tagged();
    await client.tags.assign({ params: inTag, body: { selection: { filter: {} } } });
    const body = { selection: { filter: { text: 'a.jp' } } };
    expect(await client.tags.unassign({ params: inTag, body })).toEqual({ changed: 1 });
    expect((await client.tags.list({ params })).tags).toMatchObject([{ images: 2 }]);
  },
};
