import type { Migration } from './migration.ts';

/**
 * Images and runs, and what a run leaves: checkpoints, transforms, scores, models.
 *
 * Paths are relative to the project file with `/` between the parts, absolute only where that is impossible (another
 * drive). Times are milliseconds since 1970. A transform's matrix is row-major from the canonical frame to pixels of
 * the oriented original; its box is in those pixels. Matrix and box are complete or absent.
 */
export const base: Migration = {
  version: 1,
  migrate: (database) => {
    database.exec(`
      CREATE TABLE image (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT CHECK (length(sha256) = 64),
        bytes INTEGER NOT NULL,
        stored_width INTEGER,
        stored_height INTEGER,
        orientation INTEGER CHECK (orientation BETWEEN 1 AND 8),
        width INTEGER,
        height INTEGER,
        format TEXT,
        status TEXT NOT NULL CHECK (status IN ('ready', 'failed')),
        failure_code TEXT,
        failure_reason TEXT,
        CHECK (status = 'failed' OR (sha256 IS NOT NULL AND width > 0 AND height > 0)),
        CHECK ((status = 'failed') = (failure_code IS NOT NULL))
      ) STRICT;

      CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('find', 'align', 'apply', 'export')),
        options TEXT NOT NULL CHECK (json_valid(options)),
        seed INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('running', 'interrupted', 'done', 'failed', 'cancelled')),
        stage TEXT NOT NULL,
        versions TEXT NOT NULL CHECK (json_valid(versions)),
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        failure_code TEXT,
        failure_reason TEXT
      ) STRICT;
      CREATE INDEX run_by_status ON run (status, kind, id);

      CREATE TABLE checkpoint (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        stage TEXT NOT NULL,
        state BLOB NOT NULL,
        UNIQUE (run_id, sequence)
      ) STRICT;

      CREATE TABLE transform (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        family TEXT NOT NULL,
        m00 REAL, m01 REAL, m02 REAL, m10 REAL, m11 REAL, m12 REAL, m20 REAL, m21 REAL, m22 REAL,
        mirrored INTEGER NOT NULL CHECK (mirrored IN (0, 1)),
        status TEXT NOT NULL,
        xmin REAL, ymin REAL, xmax REAL, ymax REAL,
        PRIMARY KEY (run_id, image_id),
        CHECK ((m00 IS NULL) = (m01 + m02 + m10 + m11 + m12 + m20 + m21 + m22 IS NULL)),
        CHECK ((xmin IS NULL) = (ymin + xmax + ymax IS NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX transform_by_image ON transform (image_id);

      CREATE TABLE score (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value REAL NOT NULL,
        PRIMARY KEY (run_id, image_id, name)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX score_by_image ON score (image_id);

      CREATE TABLE model (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        bytes BLOB,
        path TEXT,
        UNIQUE (run_id, name),
        CHECK ((bytes IS NULL) <> (path IS NULL))
      ) STRICT;
    `);
  },
};
