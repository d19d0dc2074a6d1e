import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writable } from '../../../core/engine/open-projects.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { saveGroups } from '../../../core/store/image-groups.ts';
import { saveImages } from '../../../core/store/images.ts';
import { completeRun } from '../../../core/store/run-result.ts';
import { listScores, saveScores } from '../../../core/store/scores.ts';
import { engineWorld, type EngineWorld } from '../../support/engine-world.ts';
import { sampleImage, sampleRun } from '../../support/project-samples.ts';

const count = 90;

/** A project of 90 images, equal ones among them by size, and a run with scores. */
function world(name = (n: number) => `image ${n}.jpg`) {
  const { engine, client, root } = engineWorld();
  const open = engine.projects.open(join(root, 'paged.congeal'), { create: true });
  const project = writable(open);
  const image = (n: number) => ({
    ...sampleImage(project, name(n), 'a'),
    sha256: n.toString(16).padStart(64, '0'),
    bytes: 1000 + (n % 7),
  });
  const ids = saveImages(
    project,
    Array.from({ length: count }, (_, n) => image(n)),
  );
  const run = sampleRun(project);
  const canonicalToImage = [10, 0, 20, 0, 10, 15, 0, 0, 1] as const;
  completeRun(project, run, {
    finishedAt: 2,
    transforms: ids.map((id) => ({
      ...{ image: id, family: 'similarity', canonicalToImage, mirrored: false, status: 'ok', box: null },
    })),
    scores: ids.map((id, n) => ({ image: id, name: 'similarity', value: (n * 13) % 30 })),
    models: [],
  });
  return { engine, client, project, ids, run, image, params: { project: open.id } };
}

type Query = NonNullable<Parameters<EngineWorld['client']['images']['page']>[0]['query']>;

const orders: readonly Query[] = [
  { sort: 'name' },
  { sort: 'added', direction: 'descending' },
  { sort: 'bytes', direction: 'descending' },
  { sort: 'status' },
  { sort: 'score', by: 'similarity' },
  { sort: 'score', by: 'similarity', direction: 'descending' },
];
const filters: readonly Query[] = [
  {},
  { decision: ['none'] },
  { text: 'image' },
  { scoreFrom: 5, score: 'similarity' },
];

it.each(orders.flatMap((order) => filters.map((filter) => ({ ...order, ...filter }))))(
  'no image is skipped or shown twice that nobody touched while others changed between pages: %j',
  async (query) => {
    const { client, project, ids, run, image, params } = world();
    const random = createRandom(41);
    const all = { ...query, run: String(run) };
    const before = (await client.images.page({ params, query: { ...all, limit: 500 } })).images.map(({ id }) => id);
    const touched = new Set<string>();
    const pick = () => {
      const some = Array.from({ length: 3 }, () => String(ids[random.integer(count)]));
      for (const one of some) touched.add(one);
      return { selection: { images: some } };
    };
    const inRun = { ...params, run: String(run) };
    let [added, undoable] = [count, 0];
    const changes: readonly (() => unknown)[] = [
      () => client.transforms.accept({ params: inRun, body: pick() }),
      () => client.transforms.reject({ params: inRun, body: pick() }),
      () => client.images.remove({ params, body: pick() }),
      () => saveImages(project, [image(added++)]),
      () => {
        const others = new Set(pick().selection.images);
        const scores = listScores(project, run);
        const changed = scores.map((one) =>
          others.has(String(one.image)) ? { ...one, value: random.integer(30) } : one,
        );
        saveScores(project, run, changed);
      },
    ];
    const shown: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await client.images.page({ params, query: { ...all, limit: 7, ...(cursor && { cursor }) } });
      shown.push(...page.images.map(({ id }) => id));
      if (page.next === null) break;
      cursor = page.next;
      const which = random.integer(changes.length + 1);
      if (which < changes.length) await changes[which]();
      else if (undoable++ % 2 === 0) await client.history.undo({ params });
      else await client.history.redo({ params });
    }
    const ofUntouched = (list: readonly string[]) =>
      list.filter((id) => !touched.has(id) && Number(id) <= Number(ids.at(-1)));
    expect(ofUntouched(shown)).toEqual(ofUntouched(before));
    expect(ofUntouched(before).length).toBeGreaterThan(count / 5);
  },
);

it('refuses a cursor of another order, another filter and another list', async () => {
  const { client, run, params } = world();
  const inRun = { ...params, run: String(run) };
  const next = async (answer: Promise<{ readonly next: string | null }>) => (await answer).next ?? 'none';
  const cursors = {
    byName: await next(client.images.page({ params, query: { sort: 'name', limit: 2 } })),
    byBytes: await next(client.images.page({ params, query: { sort: 'bytes', limit: 2 } })),
    bytesDown: await next(client.images.page({ params, query: { sort: 'bytes', direction: 'descending', limit: 2 } })),
    ready: await next(client.images.page({ params, query: { sort: 'name', status: ['ready'], limit: 2 } })),
    transforms: await next(client.transforms.page({ params: inRun, query: { limit: 2 } })),
    byScore: await next(
      client.transforms.page({ params: inRun, query: { sort: 'score', by: 'similarity', limit: 2 } }),
    ),
    columns: await next(client.transforms.columns({ params: inRun, query: { limit: 2 } })),
  };
  const lists: Readonly<Record<keyof typeof cursors, (cursor: string) => Promise<unknown>>> = {
    byName: (cursor) => client.images.page({ params, query: { sort: 'name', cursor } }),
    byBytes: (cursor) => client.images.page({ params, query: { sort: 'bytes', cursor } }),
    bytesDown: (cursor) => client.images.page({ params, query: { sort: 'bytes', direction: 'descending', cursor } }),
    ready: (cursor) => client.images.page({ params, query: { sort: 'name', status: ['ready'], cursor } }),
    transforms: (cursor) => client.transforms.page({ params: inRun, query: { cursor } }),
    byScore: (cursor) => client.transforms.page({ params: inRun, query: { sort: 'score', by: 'similarity', cursor } }),
    columns: (cursor) => client.transforms.columns({ params: inRun, query: { cursor } }),
  };
  for (const [of, cursor] of Object.entries(cursors))
    for (const [name, ask] of Object.entries(lists))
      if (name === of) await expect(ask(cursor)).resolves.toBeDefined();
      else await expect(ask(cursor), `${of} in ${name}`).rejects.toMatchObject({ code: 'malformed' });
  for (const ask of [client.history.page, client.annotations.page, client.runs.page, client.groups.page])
    await expect(ask({ params, query: { cursor: cursors.columns } })).rejects.toMatchObject({ code: 'malformed' });
});

it('goes on after names as long as file systems know them', async () => {
  const folder = Array.from({ length: 12 }, (_, n) => `${n}`.padStart(2, '0').padEnd(250, 'é').slice(0, 120)).join('/');
  const { client, run, params } = world((n) => `${folder}/${'\u{1F41E}'.repeat(50)} ${n}.jpg`);
  const inRun = { ...params, run: String(run) };
  const lists = [
    (cursor: object) => client.images.page({ params, query: { sort: 'name', limit: 50, ...cursor } }),
    (cursor: object) => client.transforms.page({ params: inRun, query: { sort: 'name', limit: 50, ...cursor } }),
  ] as const;
  for (const list of lists) {
    const first = await list({});
    expect(first.next).not.toBeNull();
    const second = await list({ cursor: first.next ?? '' });
    expect(second.next).toBeNull();
  }
});

it('goes on among groups where the last one shown was dissolved', async () => {
  const { client, project, ids, params } = world();
  const pairs = Array.from({ length: 12 }, (_, n) => [ids[2 * n], ids[2 * n + 1]]);
  saveGroups(project, 'duplicates', pairs.slice(0, 6));
  saveGroups(project, 'burst', pairs.slice(6));
  const all = (await client.groups.page({ params })).groups.map(({ id }) => id);
  expect(all).toHaveLength(12);
  const shown: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.groups.page({ params, query: { limit: 5, ...(cursor && { cursor }) } });
    shown.push(...page.groups.map(({ id }) => id));
    if (page.next === null) break;
    cursor = page.next;
    await client.groups.dissolve({ params: { ...params, group: shown.at(-1) ?? '' } });
  }
  expect(shown).toEqual(all);
});
