import { naturalOrder } from '../natural-order.ts';
import type { Migration } from './migration.ts';

/** The one virtual table that a project file may hold. */
export const searchTable = `CREATE VIRTUAL TABLE image_search USING fts5(name, content='', contentless_delete=1, tokenize='trigram')`;

/**
 * What a collection is searched and sorted by: names, times, groups of duplicates and bursts, tags.
 *
 * `name` is the file's name, `name_order` sorts it naturally; a group is the id of one of its images. `removed_at` takes
 * an image out of the collection without forgetting what is known of it, so that it can be undone. The perceptual hash
 * is 64 bits as 16 hexadecimal digits. `image_search` finds parts of names of three characters and more; it holds no
 * text of its own and is kept in step by the statements that write images.
 */
export const collection: Migration = {
  version: 4,
  migrate: (database) => {
    database.exec(`
      ALTER TABLE image ADD COLUMN name TEXT NOT NULL DEFAULT '';
      ALTER TABLE image ADD COLUMN name_order TEXT NOT NULL DEFAULT '';
      ALTER TABLE image ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE image ADD COLUMN modified_at INTEGER;
      ALTER TABLE image ADD COLUMN taken_at INTEGER;
      ALTER TABLE image ADD COLUMN perceptual_hash TEXT CHECK (length(perceptual_hash) = 16);
      ALTER TABLE image ADD COLUMN duplicate_group INTEGER;
      ALTER TABLE image ADD COLUMN burst_group INTEGER;
      ALTER TABLE image ADD COLUMN removed_at INTEGER;
      ALTER TABLE image ADD COLUMN pixels INTEGER GENERATED ALWAYS AS (width * height) VIRTUAL;
      CREATE INDEX image_by_sha256 ON image (sha256);
      CREATE INDEX image_by_name ON image (name_order, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_path ON image (path, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_added ON image (added_at, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_bytes ON image (bytes, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_pixels ON image (pixels, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_status ON image (status, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_taken ON image (taken_at, id) WHERE removed_at IS NULL;
      CREATE INDEX image_by_duplicates ON image (duplicate_group, id) WHERE duplicate_group IS NOT NULL;
      CREATE INDEX image_by_burst ON image (burst_group, id) WHERE burst_group IS NOT NULL;
      CREATE INDEX transform_by_outcome ON transform (run_id, status, image_id);
      CREATE INDEX score_by_value ON score (run_id, name, value, image_id);

      ${searchTable};

      CREATE TABLE tag (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE CHECK (name <> ''),
        colour TEXT
      ) STRICT;

      CREATE TABLE image_tag (
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
        PRIMARY KEY (image_id, tag_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX image_tag_by_tag ON image_tag (tag_id, image_id);
    `);
    const rows = database.prepare<[], { id: number; path: string }>('SELECT id, path FROM image').all();
    const update = database.prepare('UPDATE image SET name = ?, name_order = ? WHERE id = ?');
    const insert = database.prepare('INSERT INTO image_search (rowid, name) VALUES (?, ?)');
    for (const { id, path } of rows) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      update.run(name, naturalOrder(name), id);
      insert.run(id, name);
    }
  },
};
