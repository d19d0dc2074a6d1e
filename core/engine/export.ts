import { rm, rmdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { ExportedCrop, ExportItem, ExportRequest } from '../compute/export.ts';
import { CongealError } from '../contract/errors.ts';
import type { DoneMessage, EngineMessage } from '../contract/events.ts';
import type { ExportOptions } from '../contract/options.ts';
import type { MetadataRow } from '../datasets/metadata-jsonl.ts';
import { writeMetadataJsonl } from '../datasets/metadata-jsonl.ts';
import { pixelToUnit } from '../geometry/frames.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import { multiply, scale } from '../geometry/matrix.ts';
import type { FinishedImage } from './finished-run.ts';
import { readFinishedRun } from './finished-run.ts';
import { threadsOf } from './machine.ts';
import { explainWriteError, prepareOutput, refuseOriginals, writeWhole } from './outputs.ts';
import { makePartial, moveOver } from './partial-folder.ts';
import type { UseCaseContext } from './use-case.ts';
import { toEngineMessages } from './use-case.ts';

interface Planned extends ExportItem {
  readonly from: FinishedImage;
}

/**
 * Renders the crops of a finished run from the originals into a dataset folder with `metadata.jsonl`.
 *
 * Everything is made in a `.partial` folder first: the target appears whole or not at all.
 */
export async function* exportDataset(
  options: ExportOptions,
  { workers, signal }: UseCaseContext,
): AsyncGenerator<EngineMessage, DoneMessage> {
  const started = performance.now();
  const { images } = await readFinishedRun(options.source);
  const out = resolve(options.out);
  const items = planCrops(images, options);
  const left = images.length - items.length;
  if (items.length === 0)
    throw new CongealError(
      'input-empty',
      `None of the ${images.length} images of ${options.source} can be exported: add --flagged.`,
    );
  await refuseOriginals(
    items.map(({ target }) => join(out, target)),
    images.map(({ image }) => image.path),
  );
  const { made } = await prepareOutput(out, { force: options.force, resume: false });
  if (left > 0)
    yield { event: 'note', message: `${left} flagged or missing images are left out (--flagged exports flagged ones)` };
  const partial = await makePartial(out);
  const given = { signal, priority: 'run', threads: threadsOf(undefined) } as const;
  let failed = 0;
  try {
    const crops = yield* countFailures(
      toEngineMessages(workers.run('export', requestOf(items, partial, options), given)),
      () => {
        failed += 1;
      },
    );
    if (crops.length === 0)
      throw new CongealError(
        'images-failed',
        `None of the ${items.length} originals could be used, so nothing was exported. Put them back where they were.`,
      );
    await writeWhole(join(partial, 'metadata.jsonl'), writeMetadataJsonl(metadataOf(items, crops, options)));
    await moveOver(partial, out);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    if (made) await rmdir(out).catch(() => undefined);
    throw explainWriteError(error, out);
  }
  const seconds = (performance.now() - started) / 1000;
  const written = [join(out, 'images'), join(out, 'metadata.jsonl')];
  const figures = { crops: items.length - failed, 'left out': left };
  return { event: 'done', command: 'export', out, written, images: items.length, failed, seconds, figures };
}

async function* countFailures(
  messages: AsyncGenerator<EngineMessage, readonly ExportedCrop[]>,
  count: () => void,
): AsyncGenerator<EngineMessage, readonly ExportedCrop[]> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) return next.value;
    if (next.value.event === 'failure') count();
    yield next.value;
  }
}

function requestOf(items: readonly Planned[], folder: string, options: ExportOptions): ExportRequest {
  const { size, interpolation, outside, image, quality } = options;
  return { items, folder, width: size, height: size, kernel: interpolation, outside, format: image, quality };
}

/** Which images become crops, and the names of their files. */
function planCrops(images: readonly FinishedImage[], options: ExportOptions): readonly Planned[] {
  const taken = new Set<string>();
  const extension = options.image === 'jpeg' ? 'jpg' : options.image;
  return images.flatMap((from): Planned[] => {
    const { canonicalToImage, status } = from.transform;
    if (canonicalToImage === null || (status !== 'ok' && !options.flagged)) return [];
    const stem = from.id.slice(0, from.id.length - extname(from.id).length);
    let name = stem;
    while (taken.has(name.toLowerCase())) name = name === stem ? from.id : `${name}_`;
    taken.add(name.toLowerCase());
    const { path, sha256 } = from.image;
    const matrix: Matrix3 = multiply(canonicalToImage, scale(1 + options.margin));
    return [{ id: from.id, path, sha256, canonicalToImage: matrix, target: `images/${name}.${extension}`, from }];
  });
}

function metadataOf(
  items: readonly Planned[],
  crops: readonly ExportedCrop[],
  { size }: ExportOptions,
): readonly MetadataRow[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return crops.flatMap(({ id, outsideFraction, effectiveResolution }): MetadataRow[] => {
    const item = byId.get(id);
    if (item === undefined) return [];
    const { image, transform, scores } = item.from;
    return [
      {
        file_name: item.target,
        width: size,
        height: size,
        source: id,
        source_sha256: image.sha256,
        source_width: image.width,
        source_height: image.height,
        family: transform.family,
        mirrored: transform.mirrored,
        status: transform.status,
        canonical_to_source: [...item.canonicalToImage],
        crop_to_source: [...multiply(item.canonicalToImage, pixelToUnit(size, size))],
        similarity: scores['similarity'] ?? scores['confidence'] ?? null,
        outside_fraction: outsideFraction,
        effective_resolution: effectiveResolution,
      },
    ];
  });
}
