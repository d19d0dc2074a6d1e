import { prepare, reading, type Editing, type ProjectReader } from './database.ts';
import type { ImageId, TagId } from './ids.ts';

/** A word that a person puts on images. */
export interface Tag {
  readonly id: TagId;
  readonly name: string;
  readonly colour: string | null;
}

/** A tag, and how many images carry it. */
export interface CountedTag extends Tag {
  readonly images: number;
}

interface TagRow {
  readonly id: number;
  readonly name: string;
  readonly colour: string | null;
}

type CountedRow = TagRow & { readonly images: number };

const selectCounted = `SELECT id, name, colour, (SELECT count(*) FROM image_tag JOIN image ON image.id = image_id
    WHERE tag_id = tag.id AND removed_at IS NULL) AS images
  FROM tag`;
const selectAll = `${selectCounted} ORDER BY name`;
const selectOne = `${selectCounted} WHERE id = ?`;
const selectByName = 'SELECT id, name, colour FROM tag WHERE name = ?';
const insertOne = 'INSERT INTO tag (name, colour) VALUES (?, ?)';
const updateOne = 'UPDATE tag SET name = ?, colour = ? WHERE id = ?';
const removeOne = 'DELETE FROM tag WHERE id = ?';
const tagMany = `INSERT INTO image_tag (image_id, tag_id)
  SELECT image.id, ? FROM json_each(?) AS given CROSS JOIN image ON image.id = given.value WHERE true
  ON CONFLICT DO NOTHING`;
const untagMany = `DELETE FROM image_tag WHERE tag_id = ? AND image_id IN (SELECT value FROM json_each(?))`;
const selectOfMany = `SELECT image_id, tag_id FROM json_each(?) AS given
  CROSS JOIN image_tag ON image_id = given.value`;

/** Every tag, by name. **Throws** as `reading`. */
export function listTags(project: ProjectReader): readonly CountedTag[] {
  return reading(project, () => prepare<[], CountedRow>(project, selectAll).all().map(toCounted));
}

/** One tag, or undefined. **Throws** as `reading`. */
export function loadTag(project: ProjectReader, id: TagId): CountedTag | undefined {
  const row = reading(project, () => prepare<[TagId], CountedRow>(project, selectOne).get(id));
  return row === undefined ? undefined : toCounted(row);
}

/** The tag of a name, or undefined. **Throws** as `reading`. */
export function findTag(project: ProjectReader, name: string): Tag | undefined {
  const row = reading(project, () => prepare<[string], TagRow>(project, selectByName).get(name));
  return row === undefined ? undefined : toTag(row);
}

/** Makes a tag; its name must not be taken. */
export function addTag(editing: Editing, name: string, colour: string | null = null): TagId {
  return Number(prepare(editing, insertOne).run(name, colour).lastInsertRowid) as TagId;
}

/** Renames and recolours a tag; its name must not be taken by another. */
export function changeTag(editing: Editing, { id, name, colour }: Tag): void {
  prepare(editing, updateOne).run(name, colour, id);
}

/** Removes a tag from every image and the project. */
export function removeTag(editing: Editing, id: TagId): void {
  prepare(editing, removeOne).run(id);
}

/** Puts a tag on images, those that carry it already left as they are. Gives how many were changed. */
export function tagImages(editing: Editing, tag: TagId, images: readonly ImageId[]): number {
  return prepare(editing, tagMany).run(tag, JSON.stringify(images)).changes;
}

/** Takes a tag off images. Gives how many were changed. */
export function untagImages(editing: Editing, tag: TagId, images: readonly ImageId[]): number {
  return prepare(editing, untagMany).run(tag, JSON.stringify(images)).changes;
}

/** The tags that images carry; images without any are missing. **Throws** as `reading`. */
export function tagsOfImages(
  project: ProjectReader,
  images: readonly ImageId[],
): ReadonlyMap<ImageId, readonly TagId[]> {
  const rows = reading(project, () =>
    prepare<[string], { image_id: number; tag_id: number }>(project, selectOfMany).all(JSON.stringify(images)),
  );
  const tags = new Map<ImageId, TagId[]>();
  for (const row of rows) {
    const image = row.image_id as ImageId;
    tags.set(image, [...(tags.get(image) ?? []), row.tag_id as TagId]);
  }
  return tags;
}

function toCounted(row: CountedRow): CountedTag {
  return { ...toTag(row), images: row.images };
}

function toTag({ id, name, colour }: TagRow): Tag {
  return { id: id as TagId, name, colour };
}
