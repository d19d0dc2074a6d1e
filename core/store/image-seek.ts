import { reading, type ProjectReader } from './database.ts';
import { conditionsOf, type Bound, type ImageFilter } from './image-filter.ts';
import { segmentsAfter, selectSql } from './image-page-sql.ts';
import { wayFromRarest } from './image-page-way.ts';
import { walkOf, type ImageCursor, type ImageSort } from './image-sort.ts';

/**
 * The place after which the image at a position (from 0) stands; null for position 0 and for an empty list. Beyond the
 * end it is the place of the last image. **Throws** as `reading`.
 */
export function seekImages(
  project: ProjectReader,
  { filter, sort }: { readonly filter: ImageFilter; readonly sort: ImageSort },
  position: number,
): ImageCursor | null {
  return reading(project, () => {
    const way = wayFromRarest(project, conditionsOf(filter));
    let skip = position - 1;
    let last: ImageCursor | null = null;
    for (const segment of skip < 0 ? [] : segmentsAfter(sort, null)) {
      const columns = segment.lacking
        ? 'NULL AS value, image.id AS id'
        : `${walkOf(sort).key} AS value, image.id AS id`;
      const { sql, values } = selectSql(sort, segment, way, { columns, limit: 1 });
      const at = (offset: number) =>
        project.database.prepare<Bound[], ImageCursor>(`${sql} OFFSET ?`).get(...values, offset);
      const found = at(skip);
      if (found !== undefined) return found;
      const all = selectSql(sort, segment, way, { columns, limit: -1 });
      const count =
        project.database
          .prepare<Bound[], number>(`SELECT count(*) FROM (${all.sql})`)
          .pluck()
          .get(...all.values) ?? 0;
      if (count > 0) last = at(count - 1) ?? last;
      skip -= count;
    }
    return last;
  });
}
