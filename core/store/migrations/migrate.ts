import type Database from 'better-sqlite3';
import { base } from './0001-base.ts';
import { checkpointChecksum } from './0002-checkpoint-checksum.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first; number n stands at index n - 1. */
const migrations: readonly Migration[] = [base, checkpointChecksum];

/** The schema this program reads and writes. */
export const currentSchema = migrations.length;

/** The schema a file says it has; 0 for an empty one. */
export function schemaOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/** Brings a file from its schema to `target` in one transaction: it has the old schema or the new one, nothing between. */
export function migrate(database: Database.Database, target: number = currentSchema): void {
  const pending = migrations.slice(schemaOf(database), target);
  database
    .transaction(() => {
      for (const migration of pending) {
        migration.migrate(database);
        database.pragma(`user_version = ${migration.version}`);
      }
    })
    .immediate();
}
