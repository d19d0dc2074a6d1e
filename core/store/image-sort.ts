import type { RunId } from './ids.ts';
import type { Bound, Sql } from './image-filter.ts';

/** An order of images; ties go by id, images that lack what is sorted by come last in either direction. */
export interface ImageSort {
  readonly by:
    | 'name'
    | 'path'
    | 'added'
    | 'bytes'
    | 'pixels'
    | 'status'
    | 'taken'
    | { readonly run: RunId; readonly score: string }
    /** By what a run says of them, in its own words. */
    | { readonly run: RunId; readonly outcome: true };
  readonly descending?: boolean;
}

/** The place of an image in an order: the value it is sorted by (null where it lacks one) and its id. */
export interface ImageCursor {
  readonly value: string | number | null;
  readonly id: number;
}

/** How an order is walked. `table` joins everything that `key` and the conditions on `image` speak of. */
export interface Walk {
  readonly key: string;
  readonly id: string;
  /** Images that have the key, along the index that knows the order; and from a list of candidates (as `candidate`). */
  readonly ordered: Sql;
  readonly candidates: Sql;
  /** What the index alone knows of `ordered`. */
  readonly entries: Sql;
  /** The same for images that lack it; absent where each image has one. */
  readonly lacking?: { readonly ordered: Sql; readonly candidates: Sql };
}

const plain = { name: 'name_order', path: 'path', added: 'added_at', bytes: 'bytes', status: 'status' } as const;
const lackable = { pixels: 'pixels', taken: 'taken_at' } as const;

/** How the order that is asked for is walked. */
export function walkOf({ by }: ImageSort): Walk {
  if (typeof by === 'object')
    return 'score' in by
      ? runWalk(
          { table: 'score', index: 'score_by_value', column: 'value' },
          { sql: 'sorted.run_id = ? AND sorted.name = ?', values: [by.run, by.score] },
        )
      : runWalk(
          { table: 'transform', index: 'transform_by_outcome', column: 'status' },
          { sql: 'sorted.run_id = ?', values: [by.run] },
        );
  if (by === 'pixels' || by === 'taken') {
    const key = `image.${lackable[by]}`;
    const on = (test: string, indexed: string): Sql => ({ sql: `image${indexed} WHERE ${key} ${test}`, values: [] });
    const from = (test: string): Sql =>
      sql(`candidate CROSS JOIN image ON image.id = candidate.id WHERE ${key} ${test}`);
    const index = ` INDEXED BY image_by_${by}`;
    return {
      key,
      id: 'image.id',
      ordered: on('IS NOT NULL', index),
      candidates: from('IS NOT NULL'),
      entries: on('IS NOT NULL AND image.removed_at IS NULL', index),
      lacking: { ordered: on('IS NULL', index), candidates: from('IS NULL') },
    };
  }
  return {
    key: `image.${plain[by]}`,
    id: 'image.id',
    ordered: sql(`image INDEXED BY image_by_${by} WHERE true`),
    candidates: sql('candidate CROSS JOIN image ON image.id = candidate.id WHERE true'),
    entries: sql(`image INDEXED BY image_by_${by} WHERE image.removed_at IS NULL`),
  };
}

/** An order by what a run has left of each image: at most one row of the table for which `found` holds. */
function runWalk(
  { table, index, column }: { readonly table: string; readonly index: string; readonly column: string },
  { sql: found, values }: Sql,
): Walk {
  const has = `EXISTS (SELECT 1 FROM ${table} AS sorted WHERE sorted.image_id = image.id AND ${found})`;
  return {
    key: `sorted.${column}`,
    id: 'sorted.image_id',
    ordered: sql(
      `${table} AS sorted INDEXED BY ${index} CROSS JOIN image ON image.id = sorted.image_id WHERE ${found}`,
      values,
    ),
    candidates: sql(
      `candidate CROSS JOIN image ON image.id = candidate.id CROSS JOIN ${table} AS sorted ON sorted.image_id = image.id
        WHERE ${found}`,
      values,
    ),
    entries: sql(`${table} AS sorted INDEXED BY ${index} WHERE ${found}`, values),
    lacking: {
      ordered: sql(`image NOT INDEXED WHERE NOT ${has}`, values),
      candidates: sql(`candidate CROSS JOIN image ON image.id = candidate.id WHERE NOT ${has}`, values),
    },
  };
}

function sql(text: string, values: readonly Bound[] = []): Sql {
  return { sql: text, values };
}
