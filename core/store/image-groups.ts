import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { ImageId } from './ids.ts';

/** Why images stand together: they look the same, or were taken in one burst. */
export type GroupKind = 'duplicates' | 'burst';

/** Images that stand together, by id; the first one's id names the group. */
export interface ImageGroup {
  readonly id: ImageId;
  readonly images: readonly ImageId[];
}

interface GroupRow {
  readonly group_id: number;
  readonly images: string;
}

const column: Readonly<Record<GroupKind, string>> = { duplicates: 'duplicate_group', burst: 'burst_group' };
const clearAll = (name: string): string => `UPDATE image SET ${name} = NULL WHERE ${name} IS NOT NULL`;
const setMany = (name: string): string => `UPDATE image SET ${name} = ? WHERE id IN (SELECT value FROM json_each(?))`;
const selectPage = (name: string): string => `SELECT ${name} AS group_id, json_group_array(id ORDER BY id) AS images
  FROM image INDEXED BY image_by_${name === 'burst_group' ? 'burst' : 'duplicates'}
  WHERE ${name} > ? AND removed_at IS NULL GROUP BY ${name} HAVING count(*) > 1 ORDER BY ${name} LIMIT ?`;

const selectMembers = (name: string): string => `SELECT json_group_array(id ORDER BY id) AS images FROM image
  INDEXED BY image_by_${name === 'burst_group' ? 'burst' : 'duplicates'} WHERE ${name} = ? AND removed_at IS NULL`;

/** Replaces the groups of a kind; images in none of them stand alone. **Throws** as `writing`. */
export function saveGroups(project: Project, kind: GroupKind, groups: readonly (readonly ImageId[])[]): void {
  writing(project, () => {
    prepare(project, clearAll(column[kind])).run();
    for (const images of groups) {
      if (images.length > 1) prepare(project, setMany(column[kind])).run(Math.min(...images), JSON.stringify(images));
    }
  });
}

/** Groups of a kind by id, `limit` at a time after `after` (0 to begin). **Throws** as `reading`. */
export function pageGroups(
  project: ProjectReader,
  kind: GroupKind,
  after: number,
  limit: number,
): readonly ImageGroup[] {
  return reading(project, () =>
    prepare<[number, number], GroupRow>(project, selectPage(column[kind])).all(after, limit).map(toGroup),
  );
}

/** The members of a group by id, fewer than two where it does not stand (any more). **Throws** as `reading`. */
export function membersOfGroup(project: ProjectReader, kind: GroupKind, id: ImageId): readonly ImageId[] {
  const row = reading(project, () =>
    prepare<[ImageId], Pick<GroupRow, 'images'>>(project, selectMembers(column[kind])).get(id),
  );
  return row === undefined ? [] : (JSON.parse(row.images) as readonly ImageId[]);
}

function toGroup(row: GroupRow): ImageGroup {
  return { id: row.group_id as ImageId, images: JSON.parse(row.images) as readonly ImageId[] };
}
