import type { Migration } from './migration.ts';

/**
 * What a person decides and draws, and the undo log of it.
 *
 * A correction belongs to an image in a run: matrix (nine numbers, canonical frame to pixels), box and pins are JSON as
 * the program wrote it, so that every number comes back exactly. An annotation lies on an image (pixels of the oriented
 * original) or on the canonical frame of a run. `edit_step` holds each changed row as JSON before and after; ids of
 * rows that can be undone are never given out twice.
 */
export const edits: Migration = {
  version: 5,
  migrate: (database) => {
    database.exec(`
      CREATE TABLE correction (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        decision TEXT CHECK (decision IN ('accepted', 'rejected')),
        matrix TEXT CHECK (json_array_length(matrix) = 9),
        mirrored INTEGER CHECK (mirrored IN (0, 1)),
        box TEXT CHECK (json_valid(box)),
        pins TEXT CHECK (json_valid(pins)),
        changed_at INTEGER NOT NULL,
        PRIMARY KEY (run_id, image_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX correction_by_image ON correction (image_id);
      CREATE INDEX correction_by_decision ON correction (run_id, decision, image_id);

      CREATE TABLE landmark_schema (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE CHECK (name <> ''),
        landmarks TEXT NOT NULL CHECK (json_valid(landmarks)),
        edges TEXT NOT NULL CHECK (json_valid(edges))
      ) STRICT;

      CREATE TABLE annotation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER REFERENCES image (id) ON DELETE CASCADE,
        run_id INTEGER REFERENCES run (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('box', 'point', 'polygon')),
        geometry TEXT NOT NULL CHECK (json_valid(geometry)),
        label TEXT,
        landmark TEXT,
        origin TEXT NOT NULL CHECK (origin IN ('drawn', 'propagated', 'imported')),
        source_id INTEGER REFERENCES annotation (id) ON DELETE SET NULL,
        changed_at INTEGER NOT NULL,
        CHECK ((image_id IS NULL) <> (run_id IS NULL))
      ) STRICT;
      CREATE INDEX annotation_by_image ON annotation (image_id, id);
      CREATE INDEX annotation_by_run ON annotation (run_id, id);
      CREATE INDEX annotation_by_source ON annotation (source_id);

      CREATE TABLE setting (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE edit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        label TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        undone INTEGER NOT NULL CHECK (undone IN (0, 1))
      ) STRICT;
      CREATE INDEX edit_by_state ON edit (undone, id);

      CREATE TABLE edit_step (
        id INTEGER PRIMARY KEY,
        edit_id INTEGER NOT NULL REFERENCES edit (id) ON DELETE CASCADE,
        table_name TEXT NOT NULL,
        before TEXT,
        after TEXT,
        CHECK (before IS NOT NULL OR after IS NOT NULL)
      ) STRICT;
      CREATE INDEX edit_step_by_edit ON edit_step (edit_id, id);
    `);
  },
};
