import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Run } from '../../../core/contract/commands/runs.ts';
import { createTickets } from '../../../core/engine/http/ticket.ts';
import { createEventStreams } from '../../../core/engine/http/events-stream.ts';
import { Cache } from '../../../core/store/cache.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { letClockJump } from '../../support/jumping-clock.ts';
import { projectWorld, type ProjectWorld } from '../../support/project-world.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const body = {
  family: 'similarity',
  rotation: 36,
  learn: false,
  size: 32,
  threads: 1,
  seed: 4,
  provider: 'cpu',
} as const;

async function poses({ client, open }: ProjectWorld, run: string): Promise<unknown> {
  const { transforms } = await client.transforms.page({ params: { project: open.id, run } });
  return transforms.map(({ name, canonicalToImage, scores }) => ({ name, canonicalToImage, scores }));
}

/** Asks for a run until it says what is waited for. */
async function until({ client, open }: ProjectWorld, run: string, isMet: (found: Run) => boolean): Promise<Run> {
  for (;;) {
    const found = await client.runs.one({ params: { project: open.id, run } });
    if (isMet(found)) return found;
    await wait(5);
  }
}

it('a run goes on, waits, outlives its worker and says how long it took while the clock jumps by hours', async () => {
  const calm = await projectWorld(5);
  const { run: undisturbed } = await calm.client.runs.align({ params: { project: calm.open.id }, body });
  await calm.ended(undisturbed);

  const world = await projectWorld(5);
  const { client, engine, open } = world;
  letClockJump(5);
  const began = performance.now();
  const { run } = await client.runs.align({ params: { project: open.id }, body });
  const params = { project: open.id, run };
  await until(world, run, ({ progress, status }) => status === 'running' && progress?.phase === 'refine');
  await client.runs.pause({ params });
  const { seconds: atPause } = await client.runs.one({ params });
  await wait(300);
  expect((await client.runs.one({ params })).seconds).toBe(atPause);
  await client.runs.resume({ params });
  process.kill(engine.workers.status().workers.find(({ job }) => job === 'align')?.pid ?? 0, 'SIGKILL');
  const done = await until(world, run, ({ status }) => status === 'done' || status === 'failed');
  const elapsed = (performance.now() - began) / 1000;
  expect(done).toMatchObject({ status: 'done', failure: null, interruptions: 1 });
  expect(done.seconds).toBeGreaterThan(0);
  expect(done.seconds).toBeLessThan(elapsed - 0.3);
  expect(await poses(world, run)).toEqual(await poses(calm, undisturbed));
});

it('edits, recent projects, snapshots and tickets keep their order and their validity', async () => {
  const { client } = engineWorld();
  letClockJump(6);
  const create = async (name: string) => (await client.projects.create({ body: { name, images: null } })).project.id;
  const [first] = [await create('First'), await create('Second'), await create('Third')];
  const recent = async () => (await client.projects.recent()).projects.map(({ name }) => name);
  expect(await recent()).toEqual(['Third', 'Second', 'First']);
  const params = { project: first };
  for (const name of ['a', 'b', 'c', 'd']) await client.tags.create({ params, body: { name } });
  const edits = (await client.history.page({ params })).edits;
  expect(edits.map(({ id }) => Number(id))).toEqual(edits.map(({ id }) => Number(id)).sort((a, b) => b - a));
  await client.history.undo({ params });
  await client.history.undo({ params });
  await client.history.redo({ params });
  expect((await client.tags.list({ params })).tags.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  for (let n = 0; n < 5; n++) await client.projects.snapshot({ params, body: { name: 'As it was' } });
  expect(new Set((await client.projects.snapshots({ params })).snapshots.map(({ id }) => id)).size).toBe(5);
  await client.projects.close({ params });
  expect(await recent()).toEqual(['First', 'Third', 'Second']);
  const tickets = createTickets();
  const issued = [tickets.issue(), tickets.issue()];
  expect(issued.map((ticket) => tickets.redeem(ticket))).toEqual([true, true]);
});

it('who comes back hears every event once and in order', async () => {
  const { engine } = engineWorld();
  letClockJump(7);
  const stop = new AbortController();
  const ids = Array.from({ length: 50 }, (_, n) =>
    engine.hub.publish({ event: 'note', project: null, level: 'info', message: `${n}` }),
  );
  const { body: stream } = createEventStreams(engine.hub)({ after: ids[9], signal: stop.signal });
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  let text = '';
  while (!text.includes(ids[49])) text += new TextDecoder().decode((await reader.read()).value);
  stop.abort();
  expect([...text.matchAll(/"message":"(\d+)"/g)].map(([, n]) => Number(n))).toEqual(
    Array.from({ length: 40 }, (_, n) => n + 10),
  );
});

it('the cache drops what was not used for longest', () => {
  const cache = new Cache({ folder: join(temporaryFolder(), 'cache'), limitBytes: 3500 });
  letClockJump(8);
  const blob = () => new Uint8Array(1000);
  for (const key of ['a', 'b', 'c']) cache.write(key, blob());
  cache.read('a');
  cache.write('d', blob());
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'c', 'd']);
  cache.close();
});
