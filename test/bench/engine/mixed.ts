import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '../../../core/contract/client.ts';
import { createClient } from '../../../core/contract/client.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { numberOption } from '../../support/bench-options.ts';
import { startCli } from '../../support/cli.ts';
import { writePhotos } from '../../support/generated-photos.ts';

const target = { p99: 50, growth: 0.1 };

/** One round of everything that a person does: what it asks for, and whether the answer comes from memory or disk alone. */
type Asking = readonly [isPlain: boolean, ask: () => Promise<unknown>];

/**
 * Everything at once, for minutes, as processes: an alignment trains, photos are imported again and again, tiles and
 * crops are rendered, lists are paged, tags are set and undone. Says how long plain requests took, and how the engine's
 * memory went.
 *
 * Arguments: `--minutes 5`, `--photos 60`, `--seed 1`.
 */
export async function mixedLoad(
  emit: (figure: Record<string, unknown>) => void,
  args: readonly string[],
): Promise<void> {
  const seconds = 60 * (numberOption(args, '--minutes') ?? 5);
  const seed = numberOption(args, '--seed') ?? 1;
  const photos = numberOption(args, '--photos') ?? 60;
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-'));
  const served = startCli(['serve', '--no-open', '--root', folder], { env: { CONGEAL_STATE: join(folder, 'state') } });
  try {
    await writePhotos(join(folder, 'photos'), photos, { seed });
    const { origin, searchParams } = new URL(await served.matched(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/));
    const client = createClient<AbortSignal>({
      base: origin,
      token: searchParams.get('token') ?? '',
      fetch: (address, { signal, ...request }) => fetch(address, { ...request, ...(signal ? { signal } : {}) }),
    });
    const project = await openedProject(client);
    const plain: number[] = [];
    const memory: number[] = [];
    const until = performance.now() + 1000 * seconds;
    const isOver = () => performance.now() >= until;
    const background = Promise.all([keepLearning(client, isOver), keepImporting(client, project, isOver)]);
    /* Told below, unless the loop fails first. */
    background.catch(() => undefined);
    const random = createRandom(seed);
    while (!isOver()) {
      await wait(20);
      for (const [isPlain, ask] of askingsOf(client, project, random.integer(1_000_000), photos)) {
        const asked = performance.now();
        await ask();
        if (isPlain) plain.push(performance.now() - asked);
      }
      memory.push((await client.system.status()).memoryBytes);
    }
    await background;
    const { p50, p99 } = quantiles(plain);
    const [early, late] = [quantiles(part(memory, 0.2, 0.4)).p50, quantiles(part(memory, 0.8, 1)).p50];
    const growth = late / early - 1;
    emit({
      part: 'mixed',
      minutes: seconds / 60,
      requests: plain.length,
      p50: round(p50),
      p99: round(p99),
      memoryMiB: Math.round(late / 2 ** 20),
      growth: Math.round(growth * 1000) / 1000,
      load: round(loadavg()[0]),
      target,
      reached: p99 < target.p99 && growth < target.growth,
    });
  } finally {
    served.kill('SIGINT');
    await served.finished;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openedProject(client: Client<AbortSignal>): Promise<string> {
  const [root] = (await client.folders.roots()).roots;
  const { folders } = await client.folders.list({ params: { folder: root.id } });
  const photos = folders.find(({ name }) => name === 'photos')?.id ?? '';
  const grant = await client.folders.choose({ params: { folder: photos }, body: { purpose: 'images' } });
  const { project, run } = await client.projects.create({ body: { name: 'Mixed', images: grant.id } });
  await ended(client, project.id, run ?? '');
  return project.id;
}

/** Aligns a sample collection, again and again. */
async function keepLearning(client: Client<AbortSignal>, isOver: () => boolean): Promise<void> {
  const { project, run } = await client.projects.sample({ body: { collection: 'glyphs', images: 30 } });
  await ended(client, project.id, run);
  const params = { project: project.id };
  for (let seed = 1; !isOver(); seed += 1) {
    const started = await client.runs.align({ params, body: { seed, learn: false } });
    while (!isOver() && (await client.runs.one({ params: { ...params, run: started.run } })).finishedAt === null)
      await wait(500);
    if (isOver()) await client.runs.cancel({ params: { ...params, run: started.run } }).catch(() => undefined);
  }
}

/** Reads all photos again and again, as a retry does. */
async function keepImporting(client: Client<AbortSignal>, project: string, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { run } = await client.images.retry({ params: { project }, body: { selection: { filter: {} } } });
    await ended(client, project, run);
    await wait(200);
  }
}

function askingsOf(client: Client<AbortSignal>, project: string, draw: number, photos: number): readonly Asking[] {
  const params = { project };
  const image = String(1 + (draw % photos));
  const inImage = { ...params, image };
  let tag = '';
  const makeTag = async () => {
    tag = (await client.tags.create({ params, body: { name: `tag ${draw}` } })).id;
  };
  const size = { width: 128 + (draw % 64), height: 128 };
  return [
    [true, () => client.images.page({ params, query: { limit: 50, sort: draw % 2 === 0 ? 'name' : 'bytes' } })],
    [true, () => client.images.one({ params: inImage })],
    [true, () => client.images.facets({ params })],
    [true, () => client.runs.page({ params })],
    [true, () => client.pictures.thumbnail({ params: inImage, query: { side: 256 } })],
    [true, makeTag],
    [true, () => client.tags.assign({ params: { ...params, tag }, body: { selection: { images: [image] } } })],
    [true, () => client.history.undo({ params })],
    [true, () => client.history.undo({ params })],
    [false, () => client.pictures.tile({ params: { ...inImage, level: 0, column: 0, row: 0 } })],
    [false, () => client.pictures.warp({ params: inImage, query: { family: 'affine', ...size } })],
  ];
}

async function ended(client: Client<AbortSignal>, project: string, run: string): Promise<void> {
  while ((await client.runs.one({ params: { project, run } })).finishedAt === null) await wait(100);
}

function quantiles(values: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p99: at(0.99) };
}

function part(values: readonly number[], from: number, to: number): readonly number[] {
  return values.slice(Math.floor(from * values.length), Math.ceil(to * values.length));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
