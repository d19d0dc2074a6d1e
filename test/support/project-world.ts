import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Raster } from '../../core/stn/raster.ts';
import { encodeRaster } from '../../core/imaging/encode.ts';
import type { Run } from '../../core/contract/commands/runs.ts';
import type { OpenProject } from '../../core/engine/open-projects.ts';
import { writable } from '../../core/engine/open-projects.ts';
import type { ImageId } from '../../core/store/ids.ts';
import { saveImages } from '../../core/store/images.ts';
import { completeRun } from '../../core/store/run-result.ts';
import { startRun } from '../../core/store/runs.ts';
import type { EngineWorld } from './engine-world.ts';
import { engineWorld } from './engine-world.ts';
import { drawFigures, type DrawnFigure } from './figures.ts';

/** An engine with an open project that holds a few images of one figure. */
export interface ProjectWorld extends EngineWorld {
  readonly open: OpenProject;
  /** Ids of the images as doors know them, in the order of `figures`. */
  readonly images: readonly string[];
  readonly figures: readonly DrawnFigure[];
  readonly folder: string;
  /** Fulfils when a run has stopped, and gives it. */
  readonly ended: (run: string) => Promise<Run>;
}

/** Draws figures into a folder and makes a project of them. */
export async function projectWorld(count = 5, world: EngineWorld = engineWorld()): Promise<ProjectWorld> {
  const folder = join(world.root, 'pictures');
  mkdirSync(folder, { recursive: true });
  const figures = drawFigures({ count, seed: 8, turn: 0.3 });
  for (const { image } of figures)
    writeFileSync(join(folder, image.id), await encodeRaster(floats(image.raster), { format: 'png' }));
  const open = world.engine.projects.open(join(world.root, 'test.congeal'), { create: true });
  const ids = saveImages(
    writable(open),
    figures.map(({ image: { id, width, height } }) => {
      const path = join(folder, id);
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      const size = { width, height, storedWidth: width, storedHeight: height };
      return { path, status: 'ready', sha256, bytes: statSync(path).size, ...size, orientation: 1, format: 'png' };
    }),
  );
  return {
    ...world,
    open,
    folder,
    figures,
    images: ids.map((id: ImageId) => String(id)),
    ended: (run) => endOfRun(world, open, run),
  };
}

/** Fulfils when a run has stopped, and gives it. */
export async function endOfRun(
  { engine, client }: Pick<EngineWorld, 'engine' | 'client'>,
  open: OpenProject,
  run: string,
): Promise<Run> {
  const params = { project: open.id, run };
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = engine.hub.onChange(() => {
        stop();
        resolve();
      });
    });
    const found = await client.runs.one({ params });
    if (!['queued', 'running', 'paused'].includes(found.status)) return found;
    await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 500))]);
  }
}

/** Records a finished alignment that has found the truth, without computing: image n has similarity n / 10. */
export function knownRun({ open, images, figures }: ProjectWorld, status = 'ok'): string {
  const project = writable(open);
  const run = startRun(project, { kind: 'align', options: {}, seed: 1, stage: 'begin', versions: {}, startedAt: 1 });
  const ids = images.map((id) => Number(id) as ImageId);
  completeRun(project, run, {
    finishedAt: 2,
    transforms: figures.map(({ truth, mirrored }, n) => ({
      ...{ image: ids[n], family: 'similarity', canonicalToImage: truth, mirrored, status, box: null },
    })),
    scores: ids.map((image, n) => ({ image, name: 'similarity', value: n / 10 })),
    models: [],
  });
  return String(run);
}

function floats({ width, height, channels, data }: Raster): Raster<Float32Array> {
  return { width, height, channels, data: Float32Array.from(data, (value) => value / 255) };
}
