import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listCommands } from '../../../core/contract/commands.ts';
import { writable } from '../../../core/engine/open-projects.ts';
import { saveGroups } from '../../../core/store/image-groups.ts';
import type { ImageId } from '../../../core/store/ids.ts';
import { editableTables } from '../../../core/store/editable-tables.ts';
import { engineAt, type EngineWorld } from '../../support/engine-world.ts';
import { knownRun, projectWorld } from '../../support/project-world.ts';

/** Every row of every table that edits may change, as text. */
function dump({ engine }: EngineWorld): string {
  const [{ reader }] = engine.projects.list();
  const tables = Object.keys(editableTables).map((table) => {
    const columns = table === 'image' ? 'id, removed_at' : '*';
    return [table, reader.database.prepare(`SELECT ${columns} FROM ${table} ORDER BY 1, 2`).all()];
  });
  return JSON.stringify(tables);
}

/** The state of history that was told last. */
function toldLast({ engine }: EngineWorld): unknown {
  const told = (engine.hub.after(0) ?? []).filter(({ name }) => name === 'history-changed').at(-1);
  return (JSON.parse(told?.json ?? 'null') as { readonly state: unknown } | null)?.state;
}

/** Closes the engine of a world and opens its project with another. */
async function restarted(world: EngineWorld): Promise<EngineWorld & { readonly project: string }> {
  await world.engine.close();
  const next = engineAt(world);
  const { id } = next.engine.projects.open(join(world.root, 'test.congeal'));
  return { ...next, project: id };
}

it('every kind of edit can be undone and done again after a restart of the engine, and is told', async () => {
  const first = await projectWorld(6);
  const run = knownRun(first);
  const images = first.images.map((id) => Number(id) as ImageId);
  saveGroups(writable(first.open), 'burst', [images.slice(0, 2), images.slice(2, 4)]);
  const { client, images: named } = first;
  const params = { project: first.open.id };
  const inRun = { ...params, run };
  const some = { selection: { images: [named[0], named[1]] } };
  const made = { tag: '', schema: '', annotation: '', ofFrame: '', propagated: '' };
  const square = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
  ] as [number, number][];
  const edits: Readonly<Record<string, () => Promise<unknown>>> = {
    'projects.rename': () => client.projects.rename({ params, body: { name: 'Another name' } }),
    'tags.create': async () => {
      made.tag = (await client.tags.create({ params, body: { name: 'left' } })).id;
    },
    'tags.edit': () =>
      client.tags.edit({ params: { ...params, tag: made.tag }, body: { name: 'right', colour: 'red' } }),
    'tags.assign': () => client.tags.assign({ params: { ...params, tag: made.tag }, body: some }),
    'tags.unassign': () =>
      client.tags.unassign({ params: { ...params, tag: made.tag }, body: { selection: { images: [named[0]] } } }),
    'transforms.accept': () => client.transforms.accept({ params: inRun, body: some }),
    'transforms.reject': () => client.transforms.reject({ params: inRun, body: { selection: { images: [named[2]] } } }),
    'transforms.edit': () =>
      client.transforms.edit({
        params: { ...inRun, image: named[3] },
        body: { matrix: [0.1 + 0.2, 0, 20, 0, 1 / 3, 15, 0, 0, 1], mirrored: true },
      }),
    'transforms.reset': () => client.transforms.reset({ params: inRun, body: { selection: { images: [named[0]] } } }),
    'landmarks.create': async () => {
      const body = { name: 'face', points: ['eye', 'nose'], edges: [[0, 1]] as [number, number][] };
      made.schema = (await client.landmarks.create({ params, body })).id;
    },
    'landmarks.edit': () =>
      client.landmarks.edit({
        params: { ...params, schema: made.schema },
        body: { name: 'head', points: ['eye', 'ear'] },
      }),
    'annotations.create': async () => {
      const landmark = { schema: made.schema, name: 'ear' };
      const shape = { kind: 'point', at: [10.125, 1 / 3], landmark } as { kind: 'point'; at: [number, number] };
      const on = { image: named[0] };
      made.annotation = (await client.annotations.create({ params, body: { on, shape } })).id;
      const frame = { on: { canonicalOf: run }, shape: { kind: 'polygon' as const, points: square }, label: 'part' };
      made.ofFrame = (await client.annotations.create({ params, body: frame })).id;
    },
    'annotations.edit': () =>
      client.annotations.edit({ params: { ...params, annotation: made.annotation }, body: { label: 'mine' } }),
    'annotations.propagate': async () => {
      await client.annotations.propagate({ params, body: { run, annotations: [made.ofFrame] } });
      const found = await client.annotations.page({ params, query: { propagated: true } });
      made.propagated = found.annotations[0].id;
    },
    'annotations.confirm': () => client.annotations.confirm({ params, body: { annotations: [made.propagated] } }),
    'annotations.remove': () => client.annotations.remove({ params: { ...params, annotation: made.ofFrame } }),
    'landmarks.remove': () => client.landmarks.remove({ params: { ...params, schema: made.schema } }),
    'groups.keep': () =>
      client.groups.keep({ params: { ...params, group: `b${named[0]}` }, body: { image: named[1] } }),
    'groups.dissolve': () => client.groups.dissolve({ params: { ...params, group: `b${named[2]}` } }),
    'runs.rename': () => client.runs.rename({ params: inRun, body: { name: 'The good one' } }),
    'images.remove': () => client.images.remove({ params, body: { selection: { images: [named[5]] } } }),
    'tags.remove': () => client.tags.remove({ params: { ...params, tag: made.tag } }),
  };
  const all = listCommands().flatMap(([name, { effect }]) => (effect === 'edits' ? [name] : []));
  expect(Object.keys(edits).sort()).toEqual(all.sort());

  const states = [dump(first)];
  for (const [name, edit] of Object.entries(edits)) {
    await edit();
    const { state } = await client.history.page({ params });
    expect(toldLast(first), name).toEqual(state);
    states.push(dump(first));
    expect(states.at(-1), name).not.toBe(states.at(-2));
  }
  const count = (await client.history.page({ params, query: { limit: 500 } })).edits.length;
  // Two annotations are drawn above.
  expect(count).toBe(all.length + 1);
  const name = async ({ client: door, project }: { client: typeof client; project: string }) =>
    (await door.projects.one({ params: { project } })).name;

  let world = await restarted(first);
  expect(dump(world)).toBe(states.at(-1));
  for (let n = 0; n < count; n++) {
    if (n === 12) world = await restarted(world);
    const { state } = await world.client.history.undo({ params: { project: world.project } });
    expect(toldLast(world)).toEqual(state);
  }
  expect(dump(world)).toBe(states[0]);
  expect(await name(world)).toBe('test');
  const last = (world.engine.hub.after(0) ?? []).filter(({ name: event }) => event === 'project-changed').at(-1);
  expect(last?.json).toContain('"name":"test"');
  world = await restarted(world);
  for (let n = 0; n < count; n++) {
    if (n === 7) world = await restarted(world);
    await world.client.history.redo({ params: { project: world.project } });
  }
  expect(dump(world)).toBe(states.at(-1));
  expect(await name(world)).toBe('Another name');
});
