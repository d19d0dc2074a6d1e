import type Database from 'better-sqlite3';

/** One step of the schema: takes a file from `version - 1` to `version`. Never edited after release. */
export interface Migration {
  readonly version: number;
  /** Runs inside the transaction that also sets `user_version`; must not open its own. */
  readonly migrate: (database: Database.Database) => void;
}
