import { expect } from 'vitest';
import { filledProject } from '../../../support/filled-project.ts';
import type { GroupCases } from './command-case.ts';

async function inRoot() {
  const filled = await filledProject();
  const [root] = (await filled.client.folders.roots()).roots;
  return { ...filled, params: { folder: root.id } };
}

export const foldersCases: GroupCases<'folders'> = {
  roots: async () => {
    const { client } = await filledProject();
    expect((await client.folders.roots()).roots).toMatchObject([{ name: 'root' }]);
  },
  list: async () => {
    const { client, params } = await inRoot();
    const listed = await client.folders.list({ params });
    expect(listed.folders.map(({ name }) => name)).toEqual(['Congeal', 'photos']);
    const photos = await client.folders.list({ params: { folder: listed.folders[1].id } });
    expect(photos).toMatchObject({ images: 3, writable: true, parents: [{ name: 'root' }] });
    await expect(client.folders.list({ params: { folder: 'nothing' } })).rejects.toMatchObject({ code: 'not-found' });
  },
  make: async () => {
    const { client, params } = await inRoot();
    const made = await client.folders.make({ params, body: { name: 'new' } });
    expect((await client.folders.list({ params: { folder: made.id } })).folders).toEqual([]);
    await expect(client.folders.make({ params, body: { name: '..' } })).rejects.toMatchObject({ code: 'malformed' });
  },
  choose: async () => {
    const { client, params, project, ended } = await inRoot();
    const photos = (await client.folders.list({ params })).folders.find(({ name }) => name === 'photos');
    const body = { purpose: 'images' as const };
    const grant = await client.folders.choose({ params: { folder: photos?.id ?? '' }, body });
    expect(grant).toMatchObject({ name: 'photos', writable: true });
    const started = await client.images.import({ params: { project }, body: { folder: grant.id } });
    expect((await ended(started.run)).figures).toMatchObject({ unchanged: 3 });
  },
};
