import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';
import { filledProject } from '../../../support/filled-project.ts';
import type { GroupCases } from './command-case.ts';

/** Images 1 to 3, a copy of the first, and the second one compressed again. */
async function grouped() {
  const filled = await filledProject();
  const { client, project, folder, ended } = filled;
  const params = { project };
  copyFileSync(join(folder, 'a.jpg'), join(folder, 'd.jpg'));
  await sharp(join(folder, 'b.jpg')).resize(300).jpeg({ quality: 60 }).toFile(join(folder, 'e.jpg'));
  await ended((await client.images.import({ params, body: { folder: null } })).run);
  const { found } = await client.groups.find({ params, body: { distance: 4 } });
  return { ...filled, params, found };
}

/** Copies of one file are found as such where others of the same picture stand beside them. */
async function keepsOfCopiesWithin() {
  const { client, params } = await grouped();
  const pageOf = async (kind: 'duplicate' | 'near-duplicate') =>
    (await client.groups.page({ params, query: { kind } })).groups.map(({ id, images }) => [id, ...images]);
  const alike = await pageOf('near-duplicate');
  expect(alike).toEqual([['d1', '1', '2', '4', '5']]);
  expect(await pageOf('duplicate')).toEqual([['f1', '1', '4']]);
  expect(await client.groups.find({ params, body: { distance: 4 } })).toMatchObject({
    found: (await client.groups.page({ params })).total,
  });
  const members = await client.images.page({ params, query: { group: 'f1' } });
  expect(members.images.map(({ id }) => id).sort()).toEqual(['1', '4']);
  const inGroup = { ...params, group: 'f1' };
  expect(await client.groups.keep({ params: inGroup, body: { image: '4' } })).toMatchObject({ images: ['4', '1'] });
  const groupsOf = async (image: string) => (await client.images.one({ params: { ...params, image } })).groups;
  expect(await groupsOf('4')).toEqual(['d1', 'f1']);
  expect(await groupsOf('2')).toEqual(['d1']);
  await client.groups.find({ params, body: { kinds: ['duplicate'] } });
  expect((await client.groups.page({ params })).groups).toMatchObject([{ id: 'f1', images: ['4', '1'], kept: '4' }]);
  expect(await groupsOf('4')).toEqual(['f1']);
  expect(await groupsOf('2')).toEqual([]);
  await client.groups.find({ params, body: { distance: 4 } });
  await client.groups.dissolve({ params: inGroup });
  expect(await groupsOf('4')).toEqual(['d1']);
  expect(await pageOf('duplicate')).toEqual([]);
  expect(await pageOf('near-duplicate')).toEqual(alike);
}

export const groupsCases: GroupCases<'groups'> = {
  page: async () => {
    const { client, params } = await grouped();
    const first = await client.groups.page({ params, query: { limit: 1 } });
    expect(first.groups).toHaveLength(1);
    const all = await client.groups.page({ params });
    expect(all.total).toBe(all.groups.length);
    if (first.next !== null)
      expect((await client.groups.page({ params, query: { cursor: first.next } })).groups).toEqual(all.groups.slice(1));
    const [group] = all.groups;
    const members = await client.images.page({ params, query: { group: group.id } });
    expect(members.images.map(({ id }) => id).sort()).toEqual([...group.images].sort());
    const none = client.images.page({ params, query: { group: 'x1' } });
    await expect(none).rejects.toMatchObject({ code: 'not-found' });
  },
  find: async () => {
    const { client, params, found } = await grouped();
    expect(found).toBeGreaterThan(0);
    const { groups } = await client.groups.page({ params });
    expect(groups.some(({ images }) => images.includes('1') && images.includes('4'))).toBe(true);
    expect(groups.some(({ images }) => images.includes('2') && images.includes('5'))).toBe(true);
    expect(await client.groups.find({ params, body: { kinds: ['duplicate'] } })).toEqual({ found: 1 });
    expect((await client.groups.page({ params })).groups).toMatchObject([{ kind: 'duplicate', images: ['1', '4'] }]);
  },
  keep: async () => {
    await keepsOfCopiesWithin();

    const { client, params } = await grouped();
    await client.groups.find({ params, body: { kinds: ['duplicate'] } });
    const inGroup = { ...params, group: 'f1' };
    const kept = await client.groups.keep({ params: inGroup, body: { image: '4' } });
    expect(kept).toEqual({ id: 'f1', kind: 'duplicate', images: ['4', '1'], kept: '4' });
    await expect(client.groups.keep({ params: inGroup, body: { image: '3' } })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await client.groups.keep({ params: inGroup, body: { image: null } })).toMatchObject({ kept: null });
    await client.history.undo({ params });
    expect((await client.groups.page({ params })).groups).toMatchObject([{ kept: '4' }]);
  },
  dissolve: async () => {
    const { client, params } = await grouped();
    await client.groups.find({ params, body: { kinds: ['duplicate'] } });
    await client.groups.dissolve({ params: { ...params, group: 'f1' } });
    expect((await client.groups.page({ params })).groups).toEqual([]);
    expect(await client.groups.find({ params, body: { kinds: ['duplicate'] } })).toEqual({ found: 0 });
    await client.history.undo({ params });
    expect((await client.groups.page({ params })).total).toBe(1);
  },
};
