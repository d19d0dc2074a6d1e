import type Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { CongealError } from '../contract/errors.ts';
import { searchTable } from './migrations/0004-collection.ts';
import { currentSchema, schemaOf } from './migrations/migrate.ts';
import { applicationId } from './application-id.ts';

/** Up to this many bytes a full look costs milliseconds, so every file gets it. */
const smallFile = 16 * 1024 * 1024;

/**
 * Refuses a database that is not a project of ours or that a newer Congeal wrote.
 *
 * **Throws** 'project-invalid', 'project-newer'.
 */
export function checkOurs(database: Database.Database, path: string): void {
  const found = database.pragma('application_id', { simple: true }) as number;
  const schema = schemaOf(database);
  if (found !== applicationId || schema < 1) {
    throw new CongealError(
      'project-invalid',
      `${path} is an SQLite database but not a Congeal project (application id ${found}, schema ${schema}); choose another file.`,
      { details: { path, applicationId: found, schema } },
    );
  }
  if (schema > currentSchema) {
    throw new CongealError(
      'project-newer',
      `${path} was written by a newer Congeal (schema ${schema}, this one knows up to ${currentSchema}); update Congeal to open it.`,
      { details: { path, schema, supported: currentSchema } },
    );
  }
}

/**
 * Refuses a file that holds anything that SQLite would run by itself: triggers, views, virtual tables of strangers.
 * Ours are made when a file is opened and never stored.
 *
 * **Throws** 'project-invalid'.
 */
export function checkNothingRuns(database: Database.Database, path: string): void {
  const found = database
    .prepare<[string], { type: string; name: string }>(
      `SELECT type, name FROM sqlite_schema
        WHERE type IN ('trigger', 'view') OR (sql LIKE 'CREATE VIRTUAL%' AND sql <> ?) LIMIT 1`,
    )
    .get(searchTable);
  if (found === undefined) return;
  throw new CongealError(
    'project-invalid',
    `${path} holds a ${found.type} that no Congeal has put there (${found.name}), so it is not opened; choose another file.`,
    { details: { path, ...found } },
  );
}

/**
 * True where an open file deserves a full look: it is small, was not closed cleanly, or has not the size that its
 * header says. Asks SQLite rather than the file: closing another descriptor of an open file drops SQLite's locks.
 */
export function looksSuspicious(database: Database.Database, path: string): boolean {
  const { size } = statSync(path);
  if (size <= smallFile) return true;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  // A log beside a locked file is that of somebody who is at work.
  if (log !== undefined && log.size > 0) return database.readonly ? !existsSync(`${path}.lock`) : true;
  const pages = database.pragma('page_count', { simple: true }) as number;
  return size !== pages * (database.pragma('page_size', { simple: true }) as number);
}

/**
 * Looks through the whole file for damage.
 *
 * **Throws** 'project-invalid'.
 */
export function checkIntegrity(database: Database.Database, path: string): void {
  const found = database.pragma('quick_check(1)', { simple: true }) as string;
  if (found === 'ok') return;
  throw new CongealError(
    'project-invalid',
    `The project file ${path} is damaged (${found}); keep it, and go on from a backup copy if there is one.`,
    { details: { path, found } },
  );
}
