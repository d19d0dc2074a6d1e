import { basename, join, resolve } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { WarpOptions } from '../contract/options.ts';
import type { WarpPicture } from '../compute/warp-picture.ts';
import { readWarp } from '../geometry/reading.ts';
import type { WarpFamily } from '../geometry/warp.ts';
import { checkParameters, warpFamily } from '../geometry/warp-family.ts';
import { threadsOf } from './machine.ts';
import { prepareOutput, refuseOriginals, removeMade, writeWhole } from './outputs.ts';
import type { UseCaseContext } from './use-case.ts';

/**
 * Renders one image under one transform, forwards or in reverse: `warped.png`, `points.png` (where the crop is read, drawn
 * on the image) and `warp.json` (the transform in numbers and words, holes and overlaps).
 */
export async function* warp(options: WarpOptions, context: UseCaseContext): AsyncGenerator<EngineMessage, DoneMessage> {
  const started = performance.now();
  const family = warpFamily(options.family);
  const theta = options.theta ?? family.identity;
  checkParameters(family, theta);
  const out = resolve(options.out);
  const paths = ['warped.png', 'points.png', 'warp.json'].map((name) => join(out, name));
  const { made: folders } = await prepareOutput(out, { force: options.force });
  await refuseOriginals(paths, [options.image]);
  yield { event: 'progress', phase: 'warp', done: 0, total: 1 };
  const made = await render(options, family, theta, context).catch(async (error: unknown) => {
    await removeMade(folders);
    throw error;
  });
  const contents = [made.picture, made.points, describe(options, family, theta, made)];
  for (const [i, path] of paths.entries()) await writeWhole(path, contents[i]);
  const { holes, overlaps, outsideFraction, crop } = made;
  return {
    event: 'done',
    command: 'warp',
    out,
    written: paths,
    images: 1,
    failed: 0,
    seconds: (performance.now() - started) / 1000,
    figures: { width: crop.width, height: crop.height, holes, overlaps, 'outside fraction': outsideFraction },
  };
}

/* An image over which two workers die is not opened by a third, and named. */
async function render(
  options: WarpOptions,
  family: WarpFamily,
  theta: readonly number[],
  { workers, signal }: UseCaseContext,
): Promise<WarpPicture> {
  const { direction, size, alignCorners, allowDamaged, interpolation, padding, splat, normalise } = options;
  const request = {
    ...{ path: resolve(options.image), family: family.name, theta, direction, alignCorners, allowDamaged },
    ...{ kernel: interpolation, outside: padding, dropping: { splat, normalise } },
    size: size && { width: size[0], height: size[1] },
  };
  const made = await workers.call('warp picture', request, { signal, priority: 'run', threads: threadsOf(undefined) });
  if (!made.ok)
    throw new CongealError(
      made.code === 'missing' ? 'input-missing' : 'input-unreadable',
      `${options.image}: ${made.reason}`,
    );
  return made.value;
}

/** What `warp.json` says. */
function describe(options: WarpOptions, family: WarpFamily, theta: readonly number[], made: WarpPicture): string {
  const { source, crop } = made;
  const frame = { ...source, canonicalAspect: crop.width / crop.height };
  const reading = readWarp(family.mapOf(theta, frame), frame);
  const forward = options.direction === 'forward';
  const document = {
    format: 'congeal-warp',
    version: 1,
    direction: options.direction,
    family: family.name,
    theta,
    parameters: family.parameters.map(({ name, unit }, i) => ({ name, unit, value: theta[i] })),
    align_corners: options.alignCorners,
    ...(forward
      ? { splat: options.splat, normalise: options.normalise }
      : { interpolation: options.interpolation, padding: options.padding }),
    image: { file: basename(options.image), ...source },
    crop,
    holes: made.holes,
    overlaps: made.overlaps,
    outside_fraction: made.outsideFraction,
    effective_resolution: made.effectiveResolution,
    reading: {
      angle_deg: reading.angle,
      scale: reading.scale,
      shift_px: [reading.shiftX, reading.shiftY],
      shear_deg: reading.shear,
      stretch: reading.stretch,
      mirrored: reading.mirrored,
      bending_px: reading.bending,
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
