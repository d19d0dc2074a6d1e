import type Database from 'better-sqlite3';
import { CongealError } from '../../contract/errors.ts';
import { base } from './0001-base.ts';
import { checkpointChecksum } from './0002-checkpoint-checksum.ts';
import { runs } from './0003-runs.ts';
import { collection } from './0004-collection.ts';
import { edits } from './0005-edits.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first; number n stands at index n - 1. */
const migrations: readonly Migration[] = [base, checkpointChecksum, runs, collection, edits];

/** The schema this program reads and writes. */
export const currentSchema = migrations.length;

/** The schema a file says it has; 0 for an empty one. */
export function schemaOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings a file from its schema to `target` in one transaction: it has the old schema or the new one, nothing between.
 * Foreign keys rest meanwhile, so that a table that others refer to can be built anew, and are checked at the end.
 */
export function migrate(database: Database.Database, target: number = currentSchema): void {
  const pending = migrations.slice(schemaOf(database), target);
  if (pending.length === 0) return;
  const enforced = database.pragma('foreign_keys', { simple: true }) as number;
  database.pragma('foreign_keys = OFF');
  try {
    run(database, pending);
  } finally {
    database.pragma(`foreign_keys = ${enforced}`);
  }
}

function run(database: Database.Database, pending: readonly Migration[]): void {
  database
    .transaction(() => {
      for (const migration of pending) {
        migration.migrate(database);
        database.pragma(`user_version = ${migration.version}`);
      }
      const broken = database.pragma('foreign_key_check') as readonly { table: string }[];
      if (broken.length > 0) throw dangling(broken[0].table);
    })
    .immediate();
}

function dangling(table: string): CongealError {
  const message = `The project file is damaged: rows of ${table} refer to rows that are not there; keep it, and go on from a backup copy if there is one.`;
  return new CongealError('project-invalid', message, { details: { table } });
}
