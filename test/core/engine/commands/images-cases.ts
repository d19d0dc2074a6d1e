import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { filledProject, writePictures } from '../../../support/filled-project.ts';
import type { GroupCases } from './command-case.ts';

export const imagesCases: GroupCases<'images'> = {
  page: async () => {
    const { client, project } = await filledProject(['b10.jpg', 'b9.jpg', '<b>x.jpg']);
    const params = { project };
    const first = await client.images.page({ params, query: { limit: 2 } });
    expect(first).toMatchObject({ total: 3, images: [{ name: '<b>x.jpg' }, { name: 'b9.jpg', width: 121 }] });
    const second = await client.images.page({ params, query: { limit: 2, cursor: first.next ?? '' } });
    expect(second).toMatchObject({ next: null, images: [{ name: 'b10.jpg', status: 'ready' }] });
    const found = await client.images.page({ params, query: { text: 'B1', sort: 'bytes', direction: 'descending' } });
    expect(found.images.map(({ name }) => name)).toEqual(['b10.jpg']);
    await expect(client.images.page({ params, query: { sort: 'score' } })).rejects.toMatchObject({ code: 'malformed' });
    await expect(client.images.page({ params, query: { cursor: 'AAAA' } })).rejects.toMatchObject({
      code: 'malformed',
    });
    await expect(client.images.page({ params, query: { tags: ['9'], run: '77' } })).rejects.toMatchObject({
      code: 'not-found',
    });
  },
  seek: async () => {
    const { client, project } = await filledProject(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
    const params = { project };
    expect((await client.images.seek({ params, query: { position: 0 } })).cursor).toBeNull();
    for (const [position, name] of [
      [1, 'b.jpg'],
      [3, 'd.jpg'],
    ] as const) {
      const { cursor } = await client.images.seek({ params, query: { position } });
      const page = await client.images.page({ params, query: { limit: 1, cursor: cursor ?? '' } });
      expect(page.images.map((image) => image.name)).toEqual([name]);
    }
    const { cursor } = await client.images.seek({ params, query: { position: 99 } });
    expect((await client.images.page({ params, query: { cursor: cursor ?? '' } })).images).toEqual([]);
  },
  facets: async () => {
    const { client, project, folder, ended } = await filledProject();
    writeFileSync(join(folder, 'broken.jpg'), 'no image');
    rmSync(join(folder, 'a.jpg'));
    await ended((await client.images.import({ params: { project }, body: { folder: null } })).run);
    expect(await client.images.facets({ params: { project } })).toEqual({
      status: { ready: 2, failed: 1, missing: 1, quarantined: 0 },
      decision: { none: 4, accepted: 0, rejected: 0, edited: 0 },
      tags: [],
      scores: [],
    });
    const missing = await client.images.page({ params: { project }, query: { status: ['missing'] } });
    expect(missing.images).toMatchObject([{ name: 'a.jpg', status: 'missing', failure: { code: 'missing' } }]);
    const other = await client.images.page({ params: { project }, query: { status: ['failed', 'ready'] } });
    expect(other.total).toBe(3);
  },
  one: async () => {
    const { client, project, root } = await filledProject();
    const image = await client.images.one({ params: { project, image: '1' } });
    expect(image).toMatchObject({ name: 'a.jpg', format: 'jpeg', orientation: 1, groups: [], results: [] });
    expect(image.folder).toBe(join(root, 'photos'));
    expect(image.sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const unknown of ['99', '0', '-1', '1e1', 'x'])
      await expect(client.images.one({ params: { project, image: unknown } })).rejects.toMatchObject({
        code: 'not-found',
      });
  },
  import: async () => {
    const { client, engine, project, folder, root, ended, granted } = await filledProject();
    await writePictures(join(folder, 'more'), ['d.jpg']);
    writeFileSync(join(folder, 'broken.jpg'), 'no image');
    renameSync(join(folder, 'b.jpg'), join(folder, 'more', 'moved.jpg'));
    const read: string[] = [];
    const { workers } = engine;
    const run = workers.run;
    Object.assign(workers, {
      run: (kind: string, request: { files?: { id: string }[] }, options: never) => {
        read.push(...(request.files ?? []).map(({ id }) => id.slice(folder.length + 1)));
        return run(kind as 'import', request as never, options);
      },
    });
    const params = { project };
    const again = await ended((await client.images.import({ params, body: { folder: null } })).run);
    expect(again).toMatchObject({ status: 'done', failedImages: 1 });
    expect(again.figures).toEqual({ found: 5, added: 1, changed: 0, moved: 1, unchanged: 2, failed: 1, missing: 0 });
    expect(read.sort()).toEqual(['broken.jpg', 'more/d.jpg', 'more/moved.jpg']);
    const { images } = await client.images.page({ params });
    expect(images.map(({ id, name, status }) => [id, name, status])).toEqual([
      ['1', 'a.jpg', 'ready'],
      ['4', 'broken.jpg', 'failed'],
      ['3', 'c.jpg', 'ready'],
      ['5', 'more/d.jpg', 'ready'],
      ['2', 'more/moved.jpg', 'ready'],
    ]);
    const failures = await client.runs.failures({ params: { project, run: again.id } });
    expect(failures.failures).toMatchObject([{ file: 'broken.jpg', code: 'not-an-image' }]);
    mkdirSync(join(root, 'empty'));
    const empty = await client.images.import({ params, body: { folder: granted(join(root, 'empty')) } });
    expect(await ended(empty.run)).toMatchObject({ status: 'failed', failure: { code: 'input-empty' } });
    const body = { folder: granted(root, 'export') };
    await expect(client.images.import({ params, body })).rejects.toMatchObject({ code: 'not-found' });
  },
  retry: async () => {
    const { client, project, folder, ended } = await filledProject();
    const params = { project };
    writeFileSync(join(folder, 'late.jpg'), 'not yet');
    await ended((await client.images.import({ params, body: { folder: null } })).run);
    await writePictures(folder, ['late.jpg']);
    const body = { selection: { filter: { status: ['failed' as const] } } };
    const run = await ended((await client.images.retry({ params, body })).run);
    expect(run.figures).toMatchObject({ found: 1, failed: 0 });
    expect((await client.images.page({ params })).images.map(({ status }) => status)).toEqual(Array(4).fill('ready'));
  },
  relink: async () => {
    const { client, project, folder, root, ended, granted } = await filledProject();
    const params = { project };
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    renameSync(join(folder, 'b.jpg'), join(elsewhere, 'other name.jpg'));
    await writePictures(elsewhere, ['x.jpg', 'y.jpg']);
    await ended((await client.images.import({ params, body: { folder: null } })).run);
    expect((await client.images.one({ params: { project, image: '2' } })).status).toBe('missing');
    const run = await ended((await client.images.relink({ params, body: { folder: granted(elsewhere) } })).run);
    expect(run.figures).toMatchObject({ moved: 1, added: 0 });
    const { images } = await client.images.page({ params, query: { sort: 'added' } });
    expect(images.map(({ id, status }) => [id, status])).toEqual([
      ['1', 'ready'],
      ['2', 'ready'],
      ['3', 'ready'],
    ]);
    expect((await client.images.one({ params: { project, image: '2' } })).folder).toBe(elsewhere);
  },
  remove: async () => {
    const { client, project, folder, ended, granted } = await filledProject();
    const params = { project };
    const body = { selection: { images: ['1', '3'] } };
    expect(await client.images.remove({ params, body })).toEqual({ removed: 2 });
    expect((await client.images.page({ params })).images.map(({ id }) => id)).toEqual(['2']);
    await client.history.undo({ params });
    expect((await client.images.page({ params })).total).toBe(3);
    await client.images.remove({ params, body: { selection: { filter: {}, except: ['2'] } } });
    await ended((await client.images.import({ params, body: { folder: null } })).run);
    expect((await client.images.page({ params })).total).toBe(1);
    await ended((await client.images.import({ params, body: { folder: granted(folder) } })).run);
    expect((await client.images.page({ params })).total).toBe(3);
  },
};
