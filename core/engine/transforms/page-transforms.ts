import type { LocatedStatus } from '../../compute/learned.ts';
import { CongealError } from '../../contract/errors.ts';
import type { Transform } from '../../contract/commands/transforms.ts';
import type { Filter } from '../../contract/selection.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import type { ImageFilter } from '../../store/image-filter.ts';
import { countImages, listImageIds, pageImages } from '../../store/image-pages.ts';
import type { StoredImage } from '../../store/images.ts';
import { findImage } from '../../store/images.ts';
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
 * A page of the transforms of a run, from the project file's own order; by status all are looked at.
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
  if (sort === 'status') return pageByStatus(reader, run, wanted);
  if (sort === 'score' && by === undefined) throw new CongealError('malformed', 'Name the score to sort by (`by`).');
  const own = ofRun(reader, run, filter);
  const place = cursor === undefined ? null : (fromCursor(cursor, ['any', 'number']) as Place);
  const { images, next } = pageImages(reader, {
    filter: own,
    sort: {
      by: by === undefined || sort === 'name' ? 'path' : { run: run.id, score: by },
      descending: direction === 'descending',
    },
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
    next: next === null ? null : toCursor([next.value, next.id]),
    total: countAll(own),
  };
}

/** What runs say of an image; whatever it is, the image took part. */
const outcomes = ['ok', 'flagged', 'missing'] as const satisfies readonly LocatedStatus[];

function ofRun(reader: ProjectReader, run: Run, filter: Filter): ImageFilter {
  return toImageFilter(reader, { ...filter, run: String(run.id), result: filter.result ?? [...outcomes] });
}

/** States are few and not in an index together with images: the run's transforms are read and sorted. */
function pageByStatus(reader: ProjectReader, run: Run, wanted: TransformsWanted): TransformsPage {
  const { direction, limit, cursor } = wanted;
  const ids = new Set(listImageIds(reader, ofRun(reader, run, wanted), { by: 'path' }));
  const sorted = effectiveTransforms(reader, run.id)
    .filter(({ image }) => ids.has(image))
    .map((one) => ({ one, place: [one.status, one.image] as const }))
    .sort((a, b) => comparePlaces(a.place, b.place, direction));
  const after =
    cursor === undefined ? undefined : (fromCursor(cursor, ['string', 'number']) as readonly [string, number]);
  const rest = after === undefined ? sorted : sorted.filter(({ place }) => comparePlaces(place, after, direction) > 0);
  const page = rest.slice(0, limit).map(({ one }) => one);
  const images = new Map(
    page.flatMap(({ image }): [ImageId, StoredImage][] => {
      const found = findImage(reader, image);
      return found === undefined ? [] : [[image, found]];
    }),
  );
  const last = page.at(-1);
  return {
    transforms: viewAll(reader, run, page, images),
    next: rest.length > limit && last !== undefined ? toCursor([last.status, last.image]) : null,
    total: ids.size,
  };
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
  const after = cursor === undefined ? 0 : Number(fromCursor(cursor, ['number'])[0]);
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
  const next = all.length > limit && last !== undefined ? toCursor([last]) : null;
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

/** Ties go by id. */
function comparePlaces(
  [a, m]: readonly [string, number],
  [b, n]: readonly [string, number],
  direction: 'ascending' | 'descending',
): number {
  const sign = direction === 'ascending' ? 1 : -1;
  return sign * (a === b ? m - n : a < b ? -1 : 1);
}
