import type { z } from 'zod';
import { dirname } from 'node:path';
import type { imageRow, images as commands } from '../../contract/commands/images.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import type { ImageState } from '../../store/image-filter.ts';
import { countAnnotations, runsOfImage } from '../../store/image-relations.ts';
import type { StoredImage } from '../../store/images.ts';
import { scoresOfImages } from '../../store/scores.ts';
import { tagsOfImages } from '../../store/tags.ts';
import { transformsOfImages } from '../../store/transforms.ts';
import type { EffectiveTransform } from '../transforms/effective.ts';
import { effectiveTransformsOf } from '../transforms/effective.ts';
import { nameWithin } from './import-files.ts';
import { importedFolders } from './import-run.ts';
import { groupIds } from './groups.ts';
import { versionOfCrop, versionOfImage } from './picture-versions.ts';

type Row = z.input<typeof imageRow>;

/** Images as lists show them, with what a run says of them. **Throws** as `reading`. */
export function viewImages(project: ProjectReader, images: readonly StoredImage[], run: RunId | null): Row[] {
  const ids = images.map(({ id }) => id);
  const tags = tagsOfImages(project, ids);
  const folders = importedFolders(project);
  const results = run === null ? [] : effectiveTransformsOf(project, run, ids);
  const byImage = new Map(results.map((one) => [one.image, one]));
  const scores = Map.groupBy(run === null ? [] : scoresOfImages(project, run, ids), ({ image }) => image);
  const annotations = countAnnotations(project, ids);
  return images.map((image) => {
    const ready = image.status === 'ready' ? image : undefined;
    const result = byImage.get(image.id);
    return {
      id: String(image.id),
      name: nameWithin(image.path, folders).slice(0, 4000),
      status: stateOf(image),
      failure: failureOf(image),
      width: ready?.width ?? null,
      height: ready?.height ?? null,
      bytes: image.bytes,
      thumbnail: versionOfImage(image),
      tags: (tags.get(image.id) ?? []).map(String),
      decision: result?.decision ?? 'none',
      result: result?.status ?? null,
      aligned: alignedVersion(image, result),
      scores: Object.fromEntries((scores.get(image.id) ?? []).map(({ name, value }) => [name, value])),
      annotations: annotations.get(image.id) ?? 0,
    };
  });
}

/** Everything about one image. **Throws** as `reading`. */
export function viewImage(
  project: ProjectReader,
  image: StoredImage,
  run: RunId | null,
): z.input<typeof commands.one.answer> {
  const [row] = viewImages(project, [image], run);
  const ready = image.status === 'ready' ? image : undefined;
  return {
    ...row,
    format: ready?.format ?? null,
    orientation: ready?.orientation ?? null,
    storedWidth: ready?.storedWidth ?? null,
    storedHeight: ready?.storedHeight ?? null,
    sha256: image.sha256,
    addedAt: image.addedAt,
    folder: dirname(image.path).slice(0, 4000),
    groups: [...groupIds(project, image)],
    results: runsOfImage(project, image.id).flatMap((one) =>
      transformsOfImages(project, one, [image.id]).map(({ status, box }) => ({ run: String(one), status, box })),
    ),
  };
}

/** Where an image stands, in one word. */
function stateOf(image: StoredImage): ImageState {
  if (image.status === 'ready') return 'ready';
  if (image.failureCode === 'missing') return 'missing';
  return image.failureCode === 'image-quarantined' ? 'quarantined' : 'failed';
}

function failureOf(image: StoredImage): Row['failure'] {
  if (image.status === 'ready') return null;
  return { code: image.failureCode.slice(0, 64), reason: image.failureReason.slice(0, 4000) };
}

function alignedVersion(image: StoredImage, result: EffectiveTransform | undefined): string | null {
  const matrix = result?.canonicalToImage ?? null;
  return image.status === 'ready' && matrix !== null ? versionOfCrop(image, matrix) : null;
}
