import type Database from 'better-sqlite3';
import { reading, type ProjectReader } from './database.ts';
import type { ImageId } from './ids.ts';
import { conditionsOf, type Bound, type Condition, type ImageFilter, type Sql } from './image-filter.ts';
import { countSql, placeSql, segmentsAfter, selectSql, type Collected, type Segment } from './image-page-sql.ts';
import { chooseWay, wayFromRarest } from './image-page-way.ts';
import { walkOf, type ImageCursor, type ImageSort } from './image-sort.ts';
import { imageColumns, toImage, type ImageRow, type StoredImage } from './images.ts';

/** Which page of which images is asked for. */
export interface ImagePageRequest {
  readonly filter: ImageFilter;
  readonly sort: ImageSort;
  /** The page begins after this place; at the beginning where absent. */
  readonly after?: ImageCursor | null;
  readonly limit: number;
}

/** An image of a page, and the value by which it stands where it stands (null where it lacks one). */
export type PagedImage = StoredImage & { readonly sortedBy: ImageCursor['value'] };

/** A page of images; `next` is null on the last one. */
export interface ImagePage {
  readonly images: readonly PagedImage[];
  readonly next: ImageCursor | null;
}

type PageRow = ImageRow & { readonly sorted_by: string | number | null };

/** How many images of an order are looked at before a page is collected from a condition's candidates after all. */
const longWalk = 8000;

/**
 * One page of the images that a filter lets through, in an order; a page costs the same however deep it lies.
 *
 * **Throws** as `reading`.
 */
export function pageImages(project: ProjectReader, request: ImagePageRequest): ImagePage {
  const { sort, after, limit } = request;
  const conditions = conditionsOf(request.filter);
  const rows = reading(project, () => {
    const way = chooseWay(project, conditions, limit + 1);
    const found: PageRow[] = [];
    for (const segment of segmentsAfter(sort, after ?? startOf(sort, request.filter))) {
      const missing = limit + 1 - found.length;
      if (missing > 0) found.push(...findRows(project, { sort, segment, conditions, way, limit: missing }));
    }
    return found;
  });
  const images = rows.slice(0, limit).map((row) => ({ ...toImage(project, row), sortedBy: row.sorted_by }));
  const last = images.at(-1);
  return { images, next: rows.length > limit && last !== undefined ? { value: last.sortedBy, id: last.id } : null };
}

/** How many images a filter lets through. **Throws** as `reading`. */
export function countImages(project: ProjectReader, filter: ImageFilter): number {
  return reading(project, () => {
    const way = wayFromRarest(project, conditionsOf(filter));
    const sql = countSql(way);
    return (
      statement<number>(project, sql)
        .pluck()
        .get(...sql.values) ?? 0
    );
  });
}

/** The ids of all images that a filter lets through, in an order. **Throws** as `reading`. */
export function listImageIds(project: ProjectReader, filter: ImageFilter, sort: ImageSort): readonly ImageId[] {
  const conditions = conditionsOf(filter);
  return reading(project, () => {
    const way = chooseWay(project, conditions, Infinity);
    return segmentsAfter(sort, null).flatMap((segment) => {
      const sql = selectSql(sort, segment, way, { columns: 'image.id', limit: -1 });
      return statement<ImageId>(project, sql)
        .pluck()
        .all(...sql.values);
    });
  });
}

/** Where an order by a result begins whose values a filter bounds: what lies before need not be looked at. */
function startOf({ by, descending }: ImageSort, { score, outcome }: ImageFilter): ImageCursor | null {
  if (typeof by !== 'object') return null;
  const isBounded = 'score' in by ? score?.run === by.run && score.name === by.score : outcome?.run === by.run;
  const first = descending === true ? score?.max : score?.min;
  const value = 'score' in by ? first : outcome?.is;
  if (!isBounded || value === undefined) return null;
  return { value, id: descending === true ? Number.MAX_SAFE_INTEGER : -1 };
}

interface Search {
  readonly sort: ImageSort;
  readonly segment: Segment;
  readonly conditions: readonly Condition[];
  readonly way: Collected;
  readonly limit: number;
}

function findRows(project: ProjectReader, search: Search): readonly PageRow[] {
  const { sort, segment, conditions, way, limit } = search;
  const columns = `${imageColumns}, ${segment.lacking ? 'NULL' : walkOf(sort).key} AS sorted_by`;
  const find = (part: Segment, collected: Collected): readonly PageRow[] => {
    const sql = selectSql(sort, part, collected, { columns, limit });
    return statement<PageRow>(project, sql).all(...sql.values);
  };
  if (conditions.length === 0 || way.from !== undefined) return find(segment, way);
  const upTo = endOfWalk(project, sort, segment);
  if (upTo === undefined) return find(segment, way);
  const rows = find({ ...segment, upTo }, way);
  return rows.length >= limit ? rows : find(segment, wayFromRarest(project, conditions));
}

/** Where a walk along a part of an order is given up; undefined where the part ends before. */
function endOfWalk(project: ProjectReader, sort: ImageSort, segment: Segment): ImageCursor | undefined {
  if (segment.lacking && typeof sort.by === 'object') return endByIds(project, sort, segment);
  const place = placeSql(sort, segment, longWalk);
  return statement<ImageCursor>(project, place).get(...place.values);
}

/** Images of which a run says nothing go by id: no index counts them, and none has to. */
function endByIds(project: ProjectReader, { descending }: ImageSort, { after }: Segment): ImageCursor | undefined {
  const last = project.database.prepare<[], number | null>('SELECT max(id) FROM image').pluck().get() ?? 0;
  const id = descending === true ? (after?.id ?? last + 1) - longWalk : (after?.id ?? 0) + longWalk;
  return id <= 0 || id >= last ? undefined : { value: null, id };
}

function statement<Row>(project: ProjectReader, { sql }: Sql): Database.Statement<Bound[], Row> {
  return project.database.prepare<Bound[], Row>(sql);
}
