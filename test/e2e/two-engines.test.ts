import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writePictures } from '../support/filled-project.ts';
import { clientAt, startServe } from '../support/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';

async function startEngine(words: readonly string[]) {
  const { command, address } = await startServe(words, temporaryFolder());
  return { command, client: clientAt(address) };
}

it('two engines on one project: the second one looks, says who writes, and changes nothing', async () => {
  const root = temporaryFolder();
  await writePictures(join(root, 'photos'), ['a.jpg', 'b.jpg', 'c.jpg']);
  const first = await startEngine(['--root', root]);
  const [{ id: rootId }] = (await first.client.folders.roots()).roots;
  const photos = (await first.client.folders.list({ params: { folder: rootId } })).folders[0];
  const choose = (purpose: 'images' | 'project', folder: string) =>
    first.client.folders.choose({ params: { folder }, body: { purpose } });
  const [place, images] = [(await choose('project', rootId)).id, (await choose('images', photos.id)).id];
  const made = await first.client.projects.create({ body: { name: 'Shared', place, images } });
  const params = { project: made.project.id };
  const run = made.run ?? '';
  while ((await first.client.runs.one({ params: { ...params, run } })).finishedAt === null)
    await new Promise((resolve) => setTimeout(resolve, 50));

  const file = join(root, 'Shared.congeal');
  const second = await startEngine([file, '--root', root]);
  const [looking] = (await second.client.projects.list()).projects;
  expect(looking).toMatchObject({ name: 'Shared', readOnly: true, images: 3 });
  expect(looking.readOnlyReason).toContain('in use by another Congeal');
  const there = { project: looking.id };
  expect((await second.client.images.page({ params: there })).images.map(({ name }) => name)).toEqual([
    'a.jpg',
    'b.jpg',
    'c.jpg',
  ]);
  const shown = await second.client.pictures.thumbnail({ params: { ...there, image: '1' }, query: { side: 64 } });
  expect(shown.bytes.length).toBeGreaterThan(200);
  const refused = { code: 'project-read-only' };
  const { client } = second;
  await expect(client.tags.create({ params: there, body: { name: 'x' } })).rejects.toMatchObject(refused);
  await expect(client.images.import({ params: there, body: { folder: null } })).rejects.toMatchObject(refused);
  await expect(client.history.undo({ params: there })).rejects.toMatchObject(refused);
  await expect(client.groups.find({ params: there, body: {} })).rejects.toMatchObject(refused);
  await expect(client.projects.rename({ params: there, body: { name: 'y' } })).rejects.toMatchObject(refused);

  await first.client.tags.create({ params, body: { name: 'Seen' } });
  expect((await client.tags.list({ params: there })).tags).toMatchObject([{ name: 'Seen' }]);

  first.command.kill('SIGKILL');
  await first.command.finished;
  await client.projects.close({ params: there });
  const [{ id }] = (await client.projects.recent()).projects;
  const again = await client.projects.open({ body: { from: { recent: id } } });
  expect(again.project).toMatchObject({ readOnly: false, images: 3, name: 'Shared' });
  await client.tags.create({ params: { project: again.project.id }, body: { name: 'Mine' } });
  second.command.kill('SIGINT');
  expect((await second.command.finished).status).toBe(0);
});
