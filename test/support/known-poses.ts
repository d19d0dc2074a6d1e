import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import type { Matrix3 } from '../../core/geometry/matrix.ts';
import type { OpenProject } from '../../core/engine/open-projects.ts';
import { writable } from '../../core/engine/open-projects.ts';
import { savePictures } from '../../core/engine/runs/run-pictures.ts';
import type { RunId } from '../../core/store/ids.ts';
import { saveImages } from '../../core/store/images.ts';
import { completeRun } from '../../core/store/run-result.ts';
import { startRun } from '../../core/store/runs.ts';
import type { EngineWorld } from './engine-world.ts';
import { engineWorld } from './engine-world.ts';

/** A project of photos with a finished alignment whose poses are known. */
export interface KnownPoses extends EngineWorld {
  readonly open: OpenProject;
  readonly run: string;
  readonly images: readonly string[];
}

/** Makes a project of copies of image files (JPEG, upright), aligned by the poses given: image n has similarity n / 10. */
export async function knownPoses(paths: readonly string[], poses: readonly Matrix3[]): Promise<KnownPoses> {
  const world = engineWorld();
  const folder = join(world.root, 'photos');
  mkdirSync(folder);
  const open = world.engine.projects.open(join(world.root, 'photos.congeal'), { create: true });
  const project = writable(open);
  const rows = await Promise.all(
    paths.map(async (from) => {
      const path = join(folder, basename(from));
      copyFileSync(from, path);
      const { width, height } = await sharp(path).metadata();
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      const size = { width, height, storedWidth: width, storedHeight: height };
      return {
        path,
        sha256,
        bytes: statSync(path).size,
        ...size,
        orientation: 1,
        format: 'jpeg',
        status: 'ready',
      } as const;
    }),
  );
  const images = saveImages(project, rows);
  const run = startRun(project, { kind: 'align', options: {}, seed: 1, stage: 'begin', versions: {}, startedAt: 1 });
  completeRun(project, run, {
    finishedAt: 2,
    transforms: images.map((image, n) => ({
      ...{ image, family: 'affine', canonicalToImage: poses[n], mirrored: false, status: 'ok', box: null },
    })),
    scores: images.map((image, n) => ({ image, name: 'similarity', value: n / 10 })),
    models: [],
  });
  await giveMean(open, run);
  return { ...world, open, run: String(run), images: images.map(String) };
}

/** Gives a run pictures, as a finished one has them: grey, for what is drawn on them or compared with them. */
export async function giveMean(open: OpenProject, run: RunId): Promise<void> {
  const grey = { create: { width: 128, height: 128, channels: 3 as const, background: '#777' } };
  const picture = await sharp(grey).png().toBuffer();
  savePictures(writable(open), run, { mean: picture, std: picture, 'mean-before': picture });
}
