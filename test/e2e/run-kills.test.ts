import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { Client } from '../../core/contract/client.ts';
import type { Run } from '../../core/contract/commands/runs.ts';
import type { Running } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';
import { bytesIn } from '../support/killing.ts';
import { clientAt, startServe } from '../support/serve.ts';

const folder = suiteFolder();
const file = join(folder, 'Kills.congeal');
let aligned = '';

beforeAll(async () => {
  await drawCollection('glyphs', join(folder, 'glyphs'), 8);
});

/** An engine in a process of its own that has the project open. */
interface ServedProject {
  readonly command: Running;
  readonly client: Client<AbortSignal>;
  readonly project: string;
}

async function served(): Promise<ServedProject> {
  const { command, address } = await startServe([file], join(folder, 'state'));
  const client = clientAt(address);
  const [{ id }] = (await client.projects.list()).projects;
  return { command, client, project: id };
}

/** Asks for a run until it says what is waited for. */
async function until({ client, project }: ServedProject, run: string, isMet: (found: Run) => boolean): Promise<Run> {
  for (;;) {
    const found = await client.runs.one({ params: { project, run } });
    if (isMet(found)) return found;
    await wait(10);
  }
}

const isOver = ({ finishedAt, status }: Run) => finishedAt !== null && status !== 'interrupted';

/** Everything that a run has left, without its number. */
async function leftBy({ client, project }: ServedProject, { id, kind, figures }: Run, name: string): Promise<unknown> {
  if (kind === 'export') return { figures, files: bytesIn(join(folder, name)) };
  const { transforms } = await client.transforms.page({ params: { project, run: id }, query: { limit: 500 } });
  return { figures, transforms: transforms.map(({ v, ...transform }) => ({ ...transform, v: v === null })) };
}

type Start = (engine: ServedProject, name: string) => Promise<{ readonly run: string }>;

/** What is started, and the phase in the middle of which the worker and then the engine are killed. */
const kinds: Readonly<Record<string, { readonly start: Start; readonly phase: string }>> = {
  align: {
    phase: 'refine',
    start: ({ client, project }) =>
      client.runs.align({ params: { project }, body: { threads: 1, rotation: 20, learn: false, provider: 'cpu' } }),
  },
  find: {
    phase: 'learn',
    start: ({ client, project }) => client.runs.find({ params: { project }, body: { threads: 1, provider: 'cpu' } }),
  },
  apply: {
    phase: 'apply',
    start: async ({ client, project }) => {
      const model = (await client.models.list()).models.find(({ kind }) => kind === 'localiser')?.id ?? '';
      return await client.runs.apply({ params: { project }, body: { model, threads: 1, provider: 'cpu' } });
    },
  },
  export: {
    phase: 'render crops',
    start: ({ client, project }, name) =>
      client.exports.start({ params: { project }, body: { options: { run: aligned, size: 2048 }, name } }),
  },
};

it('makes the project through its door', async () => {
  const { command, address } = await startServe(['--root', folder], join(folder, 'state'));
  const client = clientAt(address);
  const [{ id: root }] = (await client.folders.roots()).roots;
  const { folders } = await client.folders.list({ params: { folder: root } });
  const glyphs = folders.find(({ name }) => name === 'glyphs')?.id ?? '';
  const choose = async (id: string, purpose: 'project' | 'images') =>
    (await client.folders.choose({ params: { folder: id }, body: { purpose } })).id;
  const body = { name: 'Kills', place: await choose(root, 'project'), images: await choose(glyphs, 'images') };
  const { project, run } = await client.projects.create({ body });
  await until({ command, client, project: project.id }, run ?? '', isOver);
  command.kill('SIGKILL');
  await command.finished;
});

it.each(Object.keys(kinds))(
  'a run of %s over a killed worker and a killed engine is resumed through the contract and ends the same',
  async (kind) => {
    const { start, phase } = kinds[kind];
    const first = await served();
    const calm = await until(first, (await start(first, 'calm')).run, isOver);
    expect(calm).toMatchObject({ status: 'done', failure: null });
    const expected = await leftBy(first, calm, 'calm');
    if (kind === 'align') aligned = calm.id;

    const { run } = await start(first, 'killed');
    const isInMiddle = ({ progress, status }: Run) =>
      status === 'running' && progress?.phase === phase && progress.done > 0;
    await until(first, run, isInMiddle);
    const { workers } = await first.client.system.status();
    process.kill(Number(workers.find(({ job }) => job === kind)?.id), 'SIGKILL');
    await until(first, run, ({ interruptions }) => interruptions === 1);
    await until(first, run, isInMiddle);
    first.command.kill('SIGKILL');
    await first.command.finished;

    const second = await served();
    const params = { project: second.project, run };
    expect(await second.client.runs.one({ params })).toMatchObject({ status: 'interrupted', resumable: true });
    await second.client.runs.resume({ params });
    const done = await until(second, run, isOver);
    expect(done).toMatchObject({ status: 'done', failure: null });
    expect(await leftBy(second, done, 'killed')).toEqual(expected);
    second.command.kill('SIGKILL');
    await second.command.finished;
  },
);
