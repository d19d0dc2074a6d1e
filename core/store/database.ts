import type Database from 'better-sqlite3';
import { refuseMoved } from './moved-file.ts';
import { settleSoon } from './settle.ts';
import { translateSqliteError } from './sqlite-errors.ts';

/** An open project file that may be read. */
export interface ProjectReader {
  readonly access: 'read' | 'write';
  /** Absolute path of the project file. */
  readonly path: string;
  readonly database: Database.Database;
  /** What a person should know about how the file was opened. */
  readonly notes: readonly string[];
}

/** An open project file that may be read and written; no other process writes it meanwhile. */
export interface Project extends ProjectReader {
  readonly access: 'write';
}

/** A project while an edit is being recorded: only `recordEdit` gives one out. */
export interface Editing extends Project {
  readonly editing: true;
}

const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** Anything that has an open SQLite file. */
interface Opened {
  readonly database: Database.Database;
}

/** Prepares a statement once per open file and gives the same one ever after. */
export function prepare<Parameters extends unknown[], Row = unknown>(
  opened: Opened,
  sql: string,
): Database.Statement<Parameters, Row> {
  let statements = prepared.get(opened.database);
  if (statements === undefined) prepared.set(opened.database, (statements = new Map<string, Database.Statement>()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = opened.database.prepare(sql)));
  return statement as Database.Statement<Parameters, Row>;
}

/** The text of every statement prepared so far on this file, for checks of query plans. */
export function preparedSql(opened: Opened): readonly string[] {
  return [...(prepared.get(opened.database)?.keys() ?? [])];
}

/**
 * Reads inside one consistent view of the file.
 *
 * **Throws** 'project-locked', 'project-invalid', 'output-unwritable', 'disk-failed' for what SQLite reports about the file.
 */
export function reading<Result>(project: ProjectReader, work: () => Result): Result {
  return translated(project, () => project.database.transaction(work)());
}

/**
 * Writes inside one transaction: when it returns, everything is on the disk; when it throws, nothing is.
 *
 * **Throws** 'input-missing' where the file was moved while it was open, and 'project-locked', 'project-invalid',
 * 'output-unwritable', 'disk-full', 'disk-failed' for what SQLite reports.
 */
export function writing<Result>(project: Project, work: () => Result): Result {
  return translated(project, () => {
    const { database } = project;
    if (database.inTransaction) return database.transaction(work).immediate();
    refuseMoved(database);
    const result = database.transaction(work).immediate();
    settleSoon(database);
    return result;
  });
}

function translated<Result>(project: ProjectReader, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw translateSqliteError(error, project.path);
  }
}
