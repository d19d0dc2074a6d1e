import { expect } from 'vitest';
import { engineWorld, type EngineWorld } from '../../../support/engine-world.ts';
import { projectWorld } from '../../../support/project-world.ts';
import { tinyEncoder } from '../../../support/tiny-encoder.ts';
import { completeRun } from '../../../../core/store/run-result.ts';
import { startRun } from '../../../../core/store/runs.ts';
import { writable } from '../../../../core/engine/open-projects.ts';
import type { GroupCases } from './command-case.ts';

const encoder = () => Uint8Array.from(tinyEncoder());

/** The models of the program that did not come with it. */
async function listed({ client }: Pick<EngineWorld, 'client'>) {
  return (await client.models.list()).models.filter(({ source }) => source !== 'bundled');
}

async function imported(world: EngineWorld = engineWorld()) {
  const inspected = await world.client.models.import({ query: { name: 'Tiny' }, body: encoder() });
  return { ...world, inspected, id: inspected.model.id };
}

/** A project with a run that has learned a model: the bytes of the encoder stand for it. */
async function learned() {
  const world = await projectWorld(2);
  const project = writable(world.open);
  const run = startRun(project, { kind: 'align', options: {}, seed: 1, stage: '', versions: {}, startedAt: 1 });
  const models = [{ name: 'aligner.onnx', bytes: encoder() }];
  completeRun(project, run, { finishedAt: 2, transforms: [], scores: [], models });
  const params = { project: world.open.id };
  const [model] = (await world.client.models.learned({ params })).models;
  return { ...world, run: String(run), params, model };
}

export const modelsCases: GroupCases<'models'> = {
  list: async () => {
    const world = await imported();
    const { client, id } = world;
    const bundled = (await client.models.list()).models.filter(({ source }) => source === 'bundled');
    expect(bundled.map(({ kind }) => kind).sort()).toEqual(['aligner', 'localiser']);
    expect(await listed(world)).toMatchObject([
      { id, name: 'Tiny', kind: 'encoder', source: 'imported', bytes: encoder().length },
    ]);
  },
  learned: async () => {
    const { model, run } = await learned();
    expect(model).toMatchObject({ name: 'aligner.onnx', kind: 'aligner', source: 'learned', run });
  },
  keep: async () => {
    const world = await learned();
    const { client, params, model } = world;
    const kept = await client.models.keep({ params: { ...params, model: model.id }, body: { name: 'Mine' } });
    expect(kept).toMatchObject({ name: 'Mine', sha256: model.sha256, source: 'imported' });
    expect(await listed(world)).toEqual([kept]);
  },
  import: async () => {
    const { client, inspected, stateFolder } = await imported();
    expect(inspected).toMatchObject({ usable: true, encoderOutputs: [expect.any(String)] });
    expect(inspected.operators.map(({ name }) => name)).toContain('Conv');
    const broken = client.models.import({ query: { name: 'Broken' }, body: new Uint8Array(100).fill(7) });
    await expect(broken).rejects.toMatchObject({ code: 'model-invalid' });
    const { readdirSync } = await import('node:fs');
    expect(readdirSync(`${stateFolder}/models`)).toHaveLength(2);
    const [{ id }] = (await client.models.list()).models;
    const { bytes: body } = await client.models.download({ params: { model: id }, query: {} });
    const again = await client.models.import({ query: { name: 'Again' }, body: Uint8Array.from(body) });
    expect(again.model).toMatchObject({ id, source: 'bundled' });
    expect(readdirSync(`${stateFolder}/models`)).toHaveLength(2);
  },
  inspect: async () => {
    const { client, id, inspected } = await imported();
    expect(await client.models.inspect({ params: { model: id } })).toEqual(inspected);
    await expect(client.models.inspect({ params: { model: 'learned-1' } })).rejects.toMatchObject({
      code: 'not-found',
    });
  },
  download: async () => {
    const { client, params, model } = await learned();
    const { bytes } = await client.models.download({ params: { model: model.id }, query: params });
    expect(Buffer.from(bytes).equals(Buffer.from(encoder()))).toBe(true);
  },
  remove: async () => {
    const world = await imported();
    const { client, id } = world;
    await client.models.remove({ params: { model: id } });
    expect(await listed(world)).toEqual([]);
    await expect(client.models.remove({ params: { model: id } })).rejects.toMatchObject({ code: 'not-found' });
    const [{ id: bundled }, ...others] = (await client.models.list()).models;
    await expect(client.models.remove({ params: { model: bundled } })).rejects.toMatchObject({ code: 'conflict' });
    expect((await client.models.list()).models).toHaveLength(1 + others.length);
  },
};
