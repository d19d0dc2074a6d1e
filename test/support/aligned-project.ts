import { join } from 'node:path';
import { drawCollection } from './collection.ts';
import type { EngineWorld } from './engine-world.ts';
import { engineWorld } from './engine-world.ts';

/** A project whose images have been found and aligned for real. */
export interface AlignedProject extends EngineWorld {
  readonly project: string;
  readonly find: string;
  readonly align: string;
  /** In the order of their names. */
  readonly images: readonly string[];
}

/** Draws beetles, imports them, finds and aligns them: small and quick, but everything is real. */
export async function alignedProject(count: number): Promise<AlignedProject> {
  const world = engineWorld();
  const { client, engine, root } = world;
  await drawCollection('beetles', join(root, 'Beetles'), count);
  const folder = engine.grants.add(join(root, 'Beetles'), 'images');
  const made = await client.projects.create({ body: { name: 'Beetles', images: folder } });
  const params = { project: made.project.id };
  const ended = async (run: string) => {
    for (;;) {
      const { finishedAt, status, failure } = await client.runs.one({ params: { ...params, run } });
      if (finishedAt !== null && status !== 'done')
        throw new Error(`The run ended ${status}: ${failure?.reason ?? ''}`);
      if (finishedAt !== null) return run;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  if (made.run !== null) await ended(made.run);
  const find = await ended((await client.runs.find({ params, body: {} })).run);
  const alignment = { learn: false, size: 96, family: 'similarity', boxes: find } as const;
  const align = await ended((await client.runs.align({ params, body: alignment })).run);
  const { images } = await client.images.page({ params });
  return { ...world, project: params.project, find, align, images: images.map(({ id }) => id) };
}
