import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listCommands } from '../../../core/contract/commands.ts';
import { engineAt, type EngineWorld } from '../../support/engine-world.ts';
import { dumpEdits, editableWorld, everyEdit } from '../../support/every-edit.ts';

function dump({ engine }: EngineWorld): string {
  const [{ reader }] = engine.projects.list();
  return dumpEdits(reader);
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
  const first = await editableWorld();
  const { client } = first;
  const params = { project: first.open.id };
  const edits = everyEdit(first);
  const all = listCommands().flatMap(([name, { effect }]) => (effect === 'edits' ? [name] : []));
  expect(Object.keys(edits).sort()).toEqual(all.sort());

  const states = [dump(first)];
  for (const [name, edit] of Object.entries(edits)) {
    await edit({ client, project: first.open.id });
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
