import Database from 'better-sqlite3';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { applicationId } from './application-id.ts';
import { backUp, nameBackups } from './backup.ts';
import { syncFolder } from './durable.ts';
import { watchEdits } from './edit-triggers.ts';
import { checkIntegrity, checkOurs, looksSuspicious } from './integrity.ts';
import type { Project, ProjectReader } from './database.ts';
import { currentSchema, migrate, schemaOf } from './migrations/migrate.ts';
import { translateSqliteError } from './sqlite-errors.ts';

/** How long to wait for another process before giving up, in milliseconds. */
const patience = 1000;

/** How a project file is opened. */
export interface OpenOptions {
  /** Make the file where it does not exist. */
  readonly create?: boolean;
  /** Only look: works on read-only files and folders and never changes anything. */
  readonly readOnly?: boolean;
}

export function openProject(path: string, options: OpenOptions & { readonly readOnly: true }): ProjectReader;
export function openProject(path: string, options?: OpenOptions & { readonly readOnly?: false }): Project;

/**
 * Opens a project file for this process alone (or only to look), bringing an older schema up to date after a backup
 * copy `PATH.backup-vN`. An older file opened only to look is brought up to date in memory.
 *
 * **Throws** 'input-missing' (no such file), 'project-invalid' (not ours, or damaged), 'project-newer',
 * 'project-locked' (another process has it), 'output-unwritable', 'disk-full'.
 */
export function openProject(path: string, options: OpenOptions = {}): ProjectReader {
  const file = resolve(path);
  try {
    if (!existsSync(file)) {
      if (options.create !== true || options.readOnly === true) {
        throw new CongealError('input-missing', `There is no project file ${file}.`, { details: { path: file } });
      }
      if (!existsSync(dirname(file))) {
        const message = `There is no folder ${dirname(file)} to make the project file in; make it first.`;
        throw new CongealError('output-unwritable', message, { details: { path: file } });
      }
      createProject(file);
    }
    const stat = statSync(file);
    if (!stat.isFile() || stat.size === 0) {
      const found = stat.isFile() ? 'an empty file' : 'not a file';
      throw new CongealError('project-invalid', `${file} is not a Congeal project (found ${found}); choose another.`, {
        details: { path: file },
      });
    }
    return options.readOnly === true ? openReader(file) : openWriter(file);
  } catch (error) {
    throw describe(translateSqliteError(error, file), file);
  }
}

/** Closes a project; closing it again does nothing. */
export function closeProject(project: ProjectReader): void {
  project.database.close();
}

function openWriter(path: string): Project {
  const database = new Database(path, { fileMustExist: true, timeout: patience });
  try {
    // A writer excludes every other process until it closes or dies; the system frees the lock, so none can go stale.
    database.pragma('locking_mode = EXCLUSIVE');
    checkOurs(database, path);
    if (schemaOf(database) < currentSchema || looksSuspicious(path)) checkIntegrity(database, path);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('journal_size_limit = 67108864');
    if (schemaOf(database) < currentSchema) {
      backUp(database, path);
      migrate(database);
    }
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    // Takes the lock now rather than at the first write, and finds out whether writing is possible at all.
    database.transaction(() => database.pragma(`application_id = ${applicationId}`)).immediate();
    watchEdits(database);
    return { access: 'write', path, database };
  } catch (error) {
    database.close();
    throw error;
  }
}

function openReader(path: string): ProjectReader {
  let database = openInPlaceOrInMemory(path);
  try {
    checkOurs(database, path);
    if (looksSuspicious(path)) checkIntegrity(database, path);
    if (schemaOf(database) < currentSchema) {
      const copy = inMemory(database.serialize());
      database.close();
      database = copy;
      migrate(database);
    }
    database.pragma('query_only = ON');
    return { access: 'read', path, database };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A file in WAL mode cannot be opened in place where SQLite may not write beside it; then a copy in memory will do. */
function openInPlaceOrInMemory(path: string): Database.Database {
  const database = new Database(path, { fileMustExist: true, readonly: true, timeout: patience });
  try {
    database.pragma('schema_version');
    return database;
  } catch (error) {
    database.close();
    if (!(error instanceof Database.SqliteError) || !/^SQLITE_(CANTOPEN|READONLY)/.test(error.code)) throw error;
    return inMemory(readFileSync(path));
  }
}

/** Opens the bytes of a database file; bytes 18 and 19 say "WAL", which memory does not have. */
function inMemory(bytes: Buffer): Database.Database {
  bytes[18] = 1;
  bytes[19] = 1;
  return new Database(bytes);
}

/** Builds the file under another name and links it into place when it is complete: it exists whole or not at all. */
function createProject(path: string): void {
  const building = `${path}.new-${process.pid}`;
  rmSync(building, { force: true });
  try {
    const database = new Database(building);
    try {
      database.pragma(`application_id = ${applicationId}`);
      database.pragma('synchronous = FULL');
      migrate(database);
    } finally {
      database.close();
    }
    putInPlace(building, path);
  } finally {
    rmSync(building, { force: true });
    rmSync(`${building}-journal`, { force: true });
  }
  syncFolder(path);
}

/** Linking, unlike renaming, cannot replace a file that another process made meanwhile; some disks have no links. */
function putInPlace(building: string, path: string): void {
  try {
    linkSync(building, path);
  } catch {
    if (!existsSync(path)) renameSync(building, path);
  }
}

function describe(error: unknown, path: string): unknown {
  if (error instanceof CongealError) {
    const backups = error.code === 'project-invalid' ? nameBackups(path) : [];
    if (backups.length === 0) return error;
    return new CongealError(error.code, `${error.message} Backup copies: ${backups.join(', ')}.`, {
      cause: error.cause,
      details: { ...error.details, backups },
    });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(code)) return error;
  return new CongealError('output-unwritable', `The project file ${path} cannot be made or opened here (${code}).`, {
    cause: error,
    details: { path },
  });
}
