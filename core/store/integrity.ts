import type Database from 'better-sqlite3';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { CongealError } from '../contract/errors.ts';
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

/** True where a file deserves a full look: it is small, was not closed cleanly, or has not the size its header says. */
export function looksSuspicious(path: string): boolean {
  const { size } = statSync(path);
  if (size <= smallFile) return true;
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) return true;
  const header = Buffer.alloc(32);
  const handle = openSync(path, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  const pageSize = header.readUInt16BE(16);
  return size !== header.readUInt32BE(28) * (pageSize === 1 ? 65536 : pageSize);
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
