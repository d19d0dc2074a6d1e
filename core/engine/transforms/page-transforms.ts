import { CongealError } from '../../contract/errors.ts';
import type { Transform } from '../../contract/commands/transforms.ts';
import type { Filter } from '../../contract/selection.ts';
import type { ProjectReader } from '../../store/database.ts';
import type { ImageId } from '../../store/ids.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Run } from '../../store/runs.ts';
import { scoresOfImages } from '../../store/scores.ts';
import { nameWithin } from '../images/import-files.ts';
import { importedFolders } from '../images/import-run.ts';
import { filteredImages } from '../images/select-images.ts';
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

/** A page of the transforms of a run. **Throws** CongealError `malformed` for a cursor of another order. */
export function pageTransforms(
  reader: ProjectReader,
  run: Run,
  wanted: TransformsWanted,
): { readonly transforms: Transform[]; readonly next: string | null; readonly total: number } {
  const { sort, by, direction, limit, cursor, ...filter } = wanted;
  if (sort === 'score' && by === undefined) throw new CongealError('malformed', 'Name the score to sort by (`by`).');
  const images = new Map(filteredImages(reader, { ...filter, run: String(run.id) }).map((image) => [image.id, image]));
  const found = effectiveTransforms(reader, run.id).filter(({ image }) => images.has(image));
  const ids = found.map(({ image }) => image);
  const values = sort === 'score' ? scoreValues(reader, run, ids, by ?? '') : new Map<ImageId, number>();
  const placeOf = (one: EffectiveTransform): Place => {
    const image = images.get(one.image);
    if (sort === 'name') return [image?.path ?? '', one.image];
    return [sort === 'status' ? one.status : (values.get(one.image) ?? null), one.image];
  };
  const sorted = found
    .map((one) => ({ one, place: placeOf(one) }))
    .sort((a, b) => comparePlaces(a.place, b.place, direction));
  const after = cursor === undefined ? undefined : (fromCursor(cursor, ['any', 'number']) as Place);
  const rest = after === undefined ? sorted : sorted.filter(({ place }) => comparePlaces(place, after, direction) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    transforms: viewAll(
      reader,
      run,
      page.map(({ one }) => one),
      images,
    ),
    next: rest.length > limit && last !== undefined ? toCursor(last.place) : null,
    total: found.length,
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
  readonly scores: Record<string, (number | null)[]>;
  readonly reading: Record<string, (number | null)[]>;
  readonly next: string | null;
} {
  const after = cursor === undefined ? 0 : Number(fromCursor(cursor, ['number'])[0]);
  const all = effectiveTransforms(reader, run.id).filter(({ image }) => image > after);
  const part = all.slice(0, limit);
  const ids = part.map(({ image }) => image);
  const images = new Map(filteredImages(reader, {}).map((image) => [image.id, image]));
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
  return { images: ids.map(String), scores, reading, next };
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

function scoreValues(reader: ProjectReader, run: Run, ids: readonly ImageId[], by: string): Map<ImageId, number> {
  const own = scoresOfImages(reader, run.id, ids).filter(({ name }) => name === by);
  return new Map(own.map(({ image, value }) => [image, value]));
}

/** What has no value comes last in either direction; ties go by id. */
function comparePlaces([a, m]: Place, [b, n]: Place, direction: 'ascending' | 'descending'): number {
  const sign = direction === 'ascending' ? 1 : -1;
  if (a === b) return sign * (m - n);
  if (a === null) return 1;
  if (b === null) return -1;
  return sign * (a < b ? -1 : 1);
}
