import type { Migration } from './migration.ts';

/**
 * Runs of more kinds that wait in a queue and pause, what is seen of them while they go (frames of the mean picture,
 * the loss), exports, models that a person imported, and which files have killed a worker.
 *
 * `run` and `model` are built anew because a CHECK cannot be changed; their rows and ids stay. JSON columns hold what
 * is only shown. A frame carries the SHA-256 of its picture, because SQLite does not notice changed bytes in a blob.
 */
export const runs: Migration = {
  version: 3,
  migrate: (database) => {
    database.exec(`
      CREATE TABLE new_run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('import', 'find', 'align', 'learn', 'apply', 'export')),
        options TEXT NOT NULL CHECK (json_valid(options)),
        seed INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (
          status IN ('queued', 'running', 'paused', 'interrupted', 'cancelled', 'failed', 'done')),
        stage TEXT NOT NULL,
        versions TEXT NOT NULL CHECK (json_valid(versions)),
        started_at INTEGER NOT NULL,
        finished_at INTEGER,
        failure_code TEXT,
        failure_reason TEXT,
        parent_id INTEGER REFERENCES run (id) ON DELETE SET NULL,
        progress TEXT CHECK (json_valid(progress)),
        result TEXT CHECK (json_valid(result))
      ) STRICT;
      INSERT INTO new_run (id, kind, options, seed, status, stage, versions, started_at, finished_at, failure_code,
          failure_reason)
        SELECT id, kind, options, seed, status, stage, versions, started_at, finished_at, failure_code, failure_reason
        FROM run;
      DELETE FROM sqlite_sequence WHERE name = 'new_run';
      INSERT INTO sqlite_sequence (name, seq) SELECT 'new_run', seq FROM sqlite_sequence WHERE name = 'run';
      DROP TABLE run;
      ALTER TABLE new_run RENAME TO run;
      CREATE INDEX run_by_status ON run (status, kind, id);
      CREATE INDEX run_by_parent ON run (parent_id);

      CREATE TABLE new_model (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id INTEGER REFERENCES run (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        bytes BLOB,
        path TEXT,
        facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
        added_at INTEGER NOT NULL DEFAULT 0,
        UNIQUE (run_id, name),
        CHECK ((bytes IS NULL) <> (path IS NULL))
      ) STRICT;
      INSERT INTO new_model (id, run_id, name, sha256, bytes, path) SELECT id, run_id, name, sha256, bytes, path FROM model;
      DROP TABLE model;
      ALTER TABLE new_model RENAME TO model;

      CREATE TABLE run_frame (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        stage TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        picture BLOB NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        PRIMARY KEY (run_id, sequence)
      ) STRICT;

      CREATE TABLE run_loss (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        stage TEXT NOT NULL,
        step INTEGER NOT NULL,
        loss REAL NOT NULL,
        PRIMARY KEY (run_id, sequence)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE export (
        run_id INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
        source_run_id INTEGER REFERENCES run (id) ON DELETE SET NULL,
        format TEXT NOT NULL,
        folder TEXT NOT NULL,
        images INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        manifest_sha256 TEXT CHECK (length(manifest_sha256) = 64)
      ) STRICT;
      CREATE INDEX export_by_source ON export (source_run_id);

      CREATE TABLE strike (
        path TEXT PRIMARY KEY,
        count INTEGER NOT NULL CHECK (count > 0),
        reason TEXT NOT NULL,
        last_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
