import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { filledProject } from '../../../support/filled-project.ts';
import { slope } from '../../../support/pictures.ts';
import type { GroupCases } from './command-case.ts';

async function begun() {
  const filled = await filledProject();
  const params = { project: filled.project };
  const { upload } = await filled.client.uploads.begin({ params, body: { files: 3, bytes: 1e6 } });
  const body = await slope(77, 55).jpeg().toBuffer();
  const folder = join(filled.root, 'Congeal', 'Beetles images');
  return { ...filled, params, inUpload: { ...params, upload }, body, folder };
}

export const uploadsCases: GroupCases<'uploads'> = {
  begin: async () => {
    const { client, params, folder } = await begun();
    expect(readdirSync(folder)).toEqual([]);
    const much = client.uploads.begin({ params, body: { files: 1, bytes: 2 ** 40 } });
    await expect(much).rejects.toMatchObject({ code: 'disk-full' });
  },
  file: async () => {
    const { client, inUpload, body, folder } = await begun();
    const sent = await client.uploads.file({ params: inUpload, query: { name: '../set/new "1".jpg' }, body });
    expect(sent).toEqual({ stored: 'set/new _1_.jpg', bytes: body.length });
    const text = client.uploads.file({
      params: inUpload,
      query: { name: 'x.jpg' },
      body: new TextEncoder().encode('text'),
    });
    await expect(text).rejects.toMatchObject({ code: 'unsupported-media' });
    expect(readdirSync(folder)).toEqual(['set']);
  },
  finish: async () => {
    const { client, params, inUpload, body, ended } = await begun();
    await expect(client.uploads.finish({ params: inUpload })).rejects.toMatchObject({ code: 'input-empty' });
    await client.uploads.file({ params: inUpload, query: { name: 'new.jpg' }, body });
    const { run } = await client.uploads.finish({ params: inUpload });
    expect((await ended(run)).figures).toMatchObject({ added: 1 });
    const { images } = await client.images.page({ params, query: { text: 'new' } });
    expect(images).toMatchObject([{ name: 'new.jpg', width: 77 }]);
    await expect(client.uploads.finish({ params: inUpload })).rejects.toMatchObject({ code: 'not-found' });
  },
  cancel: async () => {
    const { client, inUpload, body, folder } = await begun();
    await client.uploads.file({ params: inUpload, query: { name: 'new.jpg' }, body });
    await client.uploads.cancel({ params: inUpload });
    expect(existsSync(folder)).toBe(false);
  },
};
