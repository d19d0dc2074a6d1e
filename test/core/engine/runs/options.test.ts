import { expect, it, onTestFinished, vi } from 'vitest';
import type { ExportRequest } from '../../../../core/compute/export.ts';
import { alignRecipe, applyRecipe, findRecipe } from '../../../../core/contract/options.ts';
import { knownRun, projectWorld } from '../../../support/project-world.ts';

/** For each option of the recipes a value that is not its default. */
const others = {
  seed: 7,
  provider: 'cpu',
  threads: 1,
  allowDamaged: true,
  optimise: false,
  objectSize: 0.25,
  objective: 'triplet',
  net: 'published',
  family: 'translation',
  size: 24,
  mirror: true,
  rotation: 12,
  learn: false,
} as const;

/** Those of the values that a recipe has. */
function chosen<Key extends keyof typeof others>(recipe: Readonly<Record<Key, unknown>>): Pick<typeof others, Key> {
  const keys = Object.keys(recipe) as Key[];
  return Object.fromEntries(keys.map((key) => [key, others[key]])) as Pick<typeof others, Key>;
}

/** A world whose workers do nothing: what they are asked for is noted. */
async function listeningWorld() {
  const world = await projectWorld(3);
  const { workers } = world.engine;
  const asked = new Map<string, Readonly<Record<string, unknown>>>();
  const run = vi.spyOn(workers, 'run').mockImplementation((kind, request, { seed, threads, provider }) => {
    asked.set(kind, { ...(request as object), seed, threads, provider });
    throw new Error('enough is known');
  });
  const call = vi.spyOn(workers, 'call').mockResolvedValue({} as never);
  const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    for (const spy of [run, call, errors]) spy.mockRestore();
  });
  return { ...world, asked, params: { project: world.open.id } };
}

it('every option of a run reaches the job that does it', async () => {
  const { client, params, asked, ended } = await listeningWorld();
  const [{ id: model }] = (await client.models.list()).models;
  await ended((await client.runs.find({ params, body: chosen(findRecipe) })).run);
  expect(asked.get('find')).toMatchObject(chosen(findRecipe));
  await ended((await client.runs.align({ params, body: chosen(alignRecipe) })).run);
  expect(asked.get('align')).toMatchObject(chosen(alignRecipe));
  await ended((await client.runs.apply({ params, body: { ...chosen(applyRecipe), model } })).run);
  expect(asked.get('apply')).toMatchObject(chosen(applyRecipe));
});

it('a learned transformer is applied on the processor: nothing is tried, whatever the settings say', async () => {
  const { client, engine, params, asked, ended } = await listeningWorld();
  engine.settings.change({ provider: 'webgpu' });
  const [{ id: model }] = (await client.models.list()).models;
  await ended((await client.runs.apply({ params, body: { model } })).run);
  expect(asked.get('apply')).toMatchObject({ provider: 'cpu' });
  const called = vi.mocked(engine.workers.call).mock.calls.map(([kind]) => kind);
  expect(called).not.toContain('choose provider');
  const wrong = client.runs.apply({ params, body: { model, provider: 'webgpu' as 'cpu' } });
  await expect(wrong).rejects.toMatchObject({ code: 'malformed' });
});

it('every option of an export reaches the job that renders it', async () => {
  const world = await listeningWorld();
  const { client, params, asked, ended } = world;
  const run = knownRun(world);
  const options = { size: 24, interpolation: 'nearest', outside: 'zeros', image: 'webp', quality: 40 } as const;
  const write = async (margin: number) => {
    await ended((await client.exports.start({ params, body: { options: { ...options, margin, run }, name: `Crops ${margin}` } })).run); // prettier-ignore
    return asked.get('export') as unknown as ExportRequest;
  };
  const [plain, wide] = [await write(0), await write(0.5)];
  const rendering = { width: 24, height: 24, kernel: 'nearest', outside: 'zeros', format: 'webp', quality: 40 };
  for (const request of [plain, wide]) expect(request).toMatchObject(rendering);
  expect(wide.items[0].canonicalToImage[0]).toBeCloseTo(2 * plain.items[0].canonicalToImage[0]);
});
