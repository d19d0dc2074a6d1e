import type { Bound, Condition, Sql } from './image-filter.ts';
import { walkOf, type ImageCursor, type ImageSort } from './image-sort.ts';

/** A part of an order: the images that have what is sorted by, or those that lack it. */
export interface Segment {
  readonly lacking: boolean;
  /** The part begins after this place and ends with that one, where they are given. */
  readonly after: ImageCursor | null;
  readonly upTo?: ImageCursor;
}

/** What a statement collects: the conditions that are left, and the one whose candidates it begins from, if any. */
export interface Collected {
  readonly others: readonly Condition[];
  readonly from?: Sql | undefined;
}

const present: Sql = { sql: ' AND image.removed_at IS NULL', values: [] };

/** The parts of an order from a place on. */
export function segmentsAfter(sort: ImageSort, after: ImageCursor | null): readonly Segment[] {
  if (after?.value === null) return [{ lacking: true, after }];
  const having = { lacking: false, after };
  return walkOf(sort).lacking === undefined ? [having] : [having, { lacking: true, after: null }];
}

/** Images of a part of an order, in that order. `columns` says what is selected; `limit` -1 gives all. */
export function selectSql(
  sort: ImageSort,
  segment: Segment,
  collected: Collected,
  { columns, limit }: { readonly columns: string; readonly limit: number },
): Sql {
  const walk = walkOf(sort);
  const { key, id, source } =
    segment.lacking && walk.lacking !== undefined
      ? { key: null, id: 'image.id', source: walk.lacking }
      : { key: walk.key, id: walk.id, source: walk };
  // From candidates each image is looked up by its id; the plus keeps the index by value out of it.
  const sought = collected.from === undefined || key === null ? key : `+${key}`;
  const down = sort.descending === true ? ' DESC' : '';
  return join([
    ...(collected.from === undefined ? [] : [withCandidates(collected.from)]),
    plain(`SELECT ${columns} FROM `),
    collected.from === undefined ? source.ordered : source.candidates,
    present,
    bound(sought, id, down === '' ? '>' : '<', segment.after),
    bound(sought, id, down === '' ? '<=' : '>=', segment.upTo ?? null),
    // Along an order of results an image is looked up only when it passes what its id alone can tell.
    ...collected.others.map((one) => and(collected.from === undefined ? onId(one, id) : one)),
    plain(` ORDER BY ${key === null ? '' : `${key}${down}, `}${id}${down}`),
    { sql: ' LIMIT ?', values: [limit] },
  ]);
}

/**
 * The place that lies `count` entries of its index further on in a part of an order. Where the index does not know which
 * images were taken out, theirs count as well: looking each up costs more than the walk that such a place ends.
 */
export function placeSql(sort: ImageSort, segment: Segment, count: number): Sql {
  const { key, id, entries } = walkOf(sort);
  if (segment.lacking) {
    const columns = 'NULL AS value, image.id AS id';
    const { sql, values } = selectSql(sort, segment, { others: [] }, { columns, limit: 1 });
    return { sql: `${sql} OFFSET ?`, values: [...values, count] };
  }
  const down = sort.descending === true ? ' DESC' : '';
  return join([
    plain(`SELECT ${key} AS value, ${id} AS id FROM `),
    entries,
    bound(key, id, down === '' ? '>' : '<', segment.after),
    { sql: ` ORDER BY ${key}${down}, ${id}${down} LIMIT 1 OFFSET ?`, values: [count] },
  ]);
}

/** How many images conditions let through. */
export function countSql({ others, from }: Collected): Sql {
  return join([
    ...(from === undefined ? [] : [withCandidates(from)]),
    plain('SELECT count(*) FROM '),
    plain(from === undefined ? 'image WHERE true' : 'candidate CROSS JOIN image ON image.id = candidate.id WHERE true'),
    present,
    ...others.map(and),
  ]);
}

function withCandidates({ sql, values }: Sql): Sql {
  return { sql: `WITH candidate AS MATERIALIZED (${sql}) `, values };
}

function bound(key: string | null, id: string, comparison: string, place: ImageCursor | null): Sql {
  if (place === null) return plain('');
  if (key === null) return { sql: ` AND ${id} ${comparison} ?`, values: [place.id] };
  return { sql: ` AND (${key}, ${id}) ${comparison} (?, ?)`, values: [place.value, place.id] };
}

/** A condition on an image, asked of an id that stands for it. Values are bound, so the text holds names alone. */
function onId({ sql, values }: Condition, id: string): Sql {
  return { sql: sql.replaceAll('image.id', id), values };
}

function and({ sql, values }: Sql): Sql {
  return { sql: ` AND ${sql}`, values };
}

function plain(sql: string): Sql {
  return { sql, values: [] };
}

function join(parts: readonly Sql[]): Sql {
  return {
    sql: parts.map((part) => part.sql).join(''),
    values: parts.flatMap((part): readonly Bound[] => part.values),
  };
}
