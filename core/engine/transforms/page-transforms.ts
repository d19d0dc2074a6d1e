import type { LocatedStatus } from '../../compute/learned.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Transform } from '../../contract/commands/transforms.ts';
import type { Filter } from '../../contract/selection.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import type { ImageFilter } from '../../store/image-filter.ts';
import { countImages, pageImages } from '../../store/image-pages.ts';
import type { ImageSort } from '../../store/image-sort.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Run } from '../../store/runs.ts';
import { scoresOfImages } from '../../store/scores.ts';
import { nameWithin } from '../images/import-files.ts';
import { importedFolders } from '../images/import-run.ts';
import { filteredImages } from '../images/select-images.ts';
import { toImageFilter } from '../images/door-filter.ts';
import { fromCursor, toCursor } from '../page-cursor.ts';
import type { EffectiveTransform } from './effective.ts';
import { effectiveTransforms, effectiveTransformsOf } from './effective.ts';
import { readingOf, viewTransform } from './view-transform.ts';

/** Which transforms of a run are asked for, and in which order. */
export interface TransformsWanted extends Filter {
  readonly sort: 'name' | 'status' | 'score';
  readonly by?: string | undefined;
  readonly direction: 'ascending' | 'descending';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type Place = readonly [value: string | number | null, id: number];

/** A page of transforms; `next` is null on the last one. */
export interface TransformsPage {
  readonly transforms: Transform[];
  readonly next: string | null;
  readonly total: number;
}

/**
 * A page of the transforms of a run, along an index of the project file.
 *
 * @param countAll - counts what a filter lets through, perhaps from memory
 *
 * **Throws** CongealError `malformed` for a cursor of another order.
 */
export function pageTransforms(
  reader: ProjectReader,
  run: Run,
  wanted: TransformsWanted,
  countAll: (filter: ImageFilter) => number = (filter) => countImages(reader, filter),
): TransformsPage {
  const { sort, by, direction, limit, cursor, ...filter } = wanted;
  if (sort === 'score' && by === undefined) throw new CongealError('malformed', 'Name the score to sort by (`by`).');
  const own = ofRun(reader, run, filter);
  const order = { by: orderOf(run, sort, by), descending: direction === 'descending' };
  const listed = { list: 'transforms', filter: own, sort: order };
  const place = cursor === undefined ? null : (fromCursor(cursor, listed, ['any', 'number']) as Place);
  const { images, next } = pageImages(reader, {
    filter: own,
    sort: order,
    after: place === null ? null : { value: place[0], id: place[1] },
    limit,
  });
  const ids = images.map(({ id }) => id);
  const found = new Map(effectiveTransformsOf(reader, run.id, ids).map((one) => [one.image, one]));
  return {
    transforms: viewAll(
      reader,
      run,
      ids.flatMap((id) => found.get(id) ?? []),
      new Map(images.map((image) => [image.id, image])),
    ),
    next: next === null ? null : toCursor(listed, [next.value, next.id]),
    total: countAll(own),
  };
}

function orderOf(run: Run, sort: TransformsWanted['sort'], by: string | undefined): ImageSort['by'] {
  if (sort === 'status') return { run: run.id, outcome: true };
  return sort === 'name' || by === undefined ? 'path' : { run: run.id, score: by };
}

/** What runs say of an image; whatever it is, the image took part. */
const outcomes = ['ok', 'flagged', 'missing'] as const satisfies readonly LocatedStatus[];

function ofRun(reader: ProjectReader, run: Run, filter: Filter): ImageFilter {
  return toImageFilter(reader, { ...filter, run: String(run.id), result: filter.result ?? [...outcomes] });
}

/** One image's transform. **Throws** CongealError `not-found` when the run has none of it. */
export function oneTransform(reader: ProjectReader, run: Run, image: StoredImage): Transform {
  return viewAll(reader, run, [effectiveOfImage(reader, run, image)], new Map([[image.id, image]]))[0];
}

/** What counts in one image. **Throws** CongealError `not-found` when the run has nothing of it. */
export function effectiveOfImage(reader: ProjectReader, run: Run, image: StoredImage): EffectiveTransform {
  const found = effectiveTransformsOf(reader, run.id, [image.id]).at(0);
  if (found !== undefined) return found;
  throw new CongealError('not-found', 'This image took no part in this run.', {
    details: { run: String(run.id), image: String(image.id) },
  });
}

/** All scores and readings of a run as columns, by image id. */
export function transformColumns(
  reader: ProjectReader,
  run: Run,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): {
  readonly images: string[];
  readonly names: string[];
  readonly status: string[];
  readonly decision: Transform['decision'][];
  readonly scores: Record<string, (number | null)[]>;
  readonly reading: Record<string, (number | null)[]>;
  readonly next: string | null;
} {
  const listed = { list: 'columns', run: run.id };
  const after = cursor === undefined ? 0 : Number(fromCursor(cursor, listed, ['number'])[0]);
  const images = new Map(filteredImages(reader, {}).map((image) => [image.id, image]));
  const all = effectiveTransforms(reader, run.id).filter(({ image }) => image > after && images.has(image));
  const part = all.slice(0, limit);
  const ids = part.map(({ image }) => image);
  const rowOf = new Map(ids.map((id, n) => [id, n]));
  const scores: Record<string, (number | null)[]> = {};
  for (const { image, name, value } of scoresOfImages(reader, run.id, ids))
    (scores[name] ??= Array<number | null>(ids.length).fill(null))[rowOf.get(image) ?? 0] = value;
  const reading: Record<string, (number | null)[]> = {};
  for (const [n, { image, canonicalToImage }] of part.entries()) {
    const size = images.get(image);
    if (canonicalToImage === null || size?.status !== 'ready') continue;
    for (const [name, value] of Object.entries(readingOf(canonicalToImage, size)))
      (reading[name] ??= Array<number | null>(ids.length).fill(null))[n] = value;
  }
  const last = ids.at(-1);
  const next = all.length > limit && last !== undefined ? toCursor(listed, [last]) : null;
  const folders = importedFolders(reader);
  return {
    images: ids.map(String),
    names: ids.map((image) => nameWithin(images.get(image)?.path ?? '', folders)),
    status: part.map(({ status }) => status),
    decision: part.map(({ decision }) => decision),
    scores,
    reading,
    next,
  };
}

function viewAll(
  reader: ProjectReader,
  run: Run,
  transforms: readonly EffectiveTransform[],
  images: ReadonlyMap<ImageId, StoredImage>,
): Transform[] {
  const folders = importedFolders(reader);
  const scores = new Map<ImageId, Record<string, number>>();
  const ids = transforms.map(({ image }) => image);
  for (const { image, name, value } of scoresOfImages(reader, run.id, ids))
    scores.set(image, { ...scores.get(image), [name]: value });
  return transforms.flatMap((one): Transform[] => {
    const image = images.get(one.image);
    if (image === undefined) return [];
    return [viewTransform(one, image, nameWithin(image.path, folders), scores.get(one.image) ?? {})];
  });
}
