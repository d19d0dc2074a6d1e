import Database from 'better-sqlite3';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import { applicationId } from './application-id.ts';
import { backUp, nameBackups } from './backup.ts';
import { syncFolder } from './durable.ts';
import { watchEdits } from './edit-triggers.ts';
import { checkIntegrity, checkNothingRuns, checkOurs, looksSuspicious } from './integrity.ts';
import type { Project, ProjectReader } from './database.ts';
import { currentSchema, migrate, schemaOf } from './migrations/migrate.ts';
import { closeInPlace, rememberPlace } from './moved-file.ts';
import { mayBeRemote } from './network-folder.ts';
import { removeLeftHalves } from './left-halves.ts';
import { setLeftLogsAside } from './left-logs.ts';
import { openDatabase } from './open-database.ts';
import { heldByAnother, isLock, lockProject, type ProjectLock } from './project-lock.ts';
import { translateSqliteError } from './sqlite-errors.ts';
import { explainWriteError } from './write-errors.ts';

/** How long to wait for another process before giving up, in milliseconds. */
const patience = 1000;
/** Bytes of the smallest page that SQLite writes; it takes what is shorter for a database that is empty. */
const leastSize = 512;

/** How a project file is opened. */
export interface OpenOptions {
  /** Make the file where it does not exist. */
  readonly create?: boolean;
  /** Only look: works on read-only files and folders and never changes anything. */
  readonly readOnly?: boolean;
  /** Whether the file may lie on another machine; found out where not given. */
  readonly remote?: boolean;
}

export function openProject(path: string, options: OpenOptions & { readonly readOnly: true }): ProjectReader;
export function openProject(path: string, options?: OpenOptions & { readonly readOnly?: false }): Project;

/**
 * Opens a project file to write it (one process at a time) or only to look (any number, also meanwhile), bringing an
 * older schema up to date after a backup copy `PATH.backup-vN`. An older file opened only to look is brought up to date
 * in memory. Who is refused because another writes is told who (`details.heldBy`) and can open it to look.
 *
 * **Throws** 'input-missing' (no such file), 'project-invalid' (not ours, or damaged), 'project-newer',
 * 'project-locked' (another writes it, or this process itself), 'output-unwritable', 'disk-full', 'disk-failed'.
 */
export function openProject(path: string, options: OpenOptions = {}): ProjectReader {
  const file = resolve(path);
  let made = false;
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
      made = true;
    }
    const stat = statSync(file);
    if (!stat.isFile() || stat.size < leastSize) {
      const found = !stat.isFile()
        ? 'not a file'
        : stat.size === 0
          ? 'an empty file'
          : `${stat.size} of at least ${leastSize} bytes`;
      throw new CongealError('project-invalid', `${file} is not a Congeal project (found ${found}); choose another.`, {
        details: { path: file },
      });
    }
    if (options.readOnly === true) return openReader(file);
    const remote = options.remote ?? mayBeRemote(file);
    const project = openWriter(file, remote);
    if (!remote) removeLeftHalves(dirname(file));
    return project;
  } catch (error) {
    const described = describe(translateSqliteError(error, file), file);
    const taken = described instanceof CongealError && described.code === 'project-locked';
    // One that could be made and not opened is not left lying about, unless another process has it now.
    if (made && !taken) for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    throw described;
  }
}

/** Closes a project; closing it again does nothing. */
export function closeProject(project: ProjectReader): void {
  closeInPlace(project.database);
  locks.get(project.database)?.release();
}

const locks = new WeakMap<Database.Database, ProjectLock>();

function openWriter(path: string, remote: boolean): Project {
  const lock = lockProject(path);
  if (!isLock(lock)) throw heldByAnother(path, lock);
  try {
    const project = openLocked(path, remote);
    locks.set(project.database, lock);
    return project;
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(path: string, remote: boolean): Project {
  const database = openDatabase(path, { fileMustExist: true, timeout: patience });
  try {
    const notes = setJournal(database, path, remote);
    checkOurs(database, path);
    checkNothingRuns(database, path);
    if (schemaOf(database) < currentSchema || looksSuspicious(database, path)) checkIntegrity(database, path);
    database.pragma('synchronous = FULL');
    database.pragma('journal_size_limit = 67108864');
    if (schemaOf(database) < currentSchema) {
      backUp(database, path);
      migrate(database);
    }
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    // Finds out now rather than at the first write whether writing is possible at all.
    database.transaction(() => database.pragma(`application_id = ${applicationId}`)).immediate();
    watchEdits(database);
    if (!remote) rememberPlace(database, path);
    return { access: 'write', path, database, notes };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Chooses the write-ahead log, so that others can read meanwhile; the older journal where that cannot work. */
function setJournal(database: Database.Database, path: string, remote: boolean): readonly string[] {
  if (!remote) {
    checkOurs(database, path);
    if (database.pragma('journal_mode = WAL', { simple: true }) === 'wal') return [];
  } else {
    // Alone, SQLite does without the shared memory of a log that is left over.
    database.pragma('locking_mode = EXCLUSIVE');
    checkOurs(database, path);
    database.pragma('journal_mode = DELETE');
    database.pragma('locking_mode = NORMAL');
  }
  return [
    `${path} lies in a folder that cannot share memory (a network folder, perhaps), so writing is a little slower and others can look at it only between writes.`,
  ];
}

function openReader(path: string): ProjectReader {
  let database = openInPlaceOrInMemory(path);
  try {
    checkOurs(database, path);
    checkNothingRuns(database, path);
    if (looksSuspicious(database, path)) checkIntegrity(database, path);
    if (schemaOf(database) < currentSchema) {
      const copy = inMemory(database.serialize());
      database.close();
      database = copy;
      migrate(database);
    }
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    database.pragma('query_only = ON');
    return { access: 'read', path, database, notes: [] };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A file in WAL mode cannot be opened in place where SQLite may not write beside it; then a copy in memory will do. */
function openInPlaceOrInMemory(path: string): Database.Database {
  const database = openDatabase(path, { fileMustExist: true, readonly: true, timeout: patience });
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
  return openDatabase(bytes);
}

/** Builds the file under another name and links it into place when it is complete: it exists whole or not at all. */
function createProject(path: string): void {
  const building = `${path}.new-${process.pid}`;
  rmSync(building, { force: true });
  try {
    const database = openDatabase(building);
    try {
      database.pragma(`application_id = ${applicationId}`);
      database.pragma('synchronous = FULL');
      migrate(database);
    } finally {
      database.close();
    }
    const lock = lockProject(path);
    if (!isLock(lock)) throw heldByAnother(path, lock);
    try {
      if (!existsSync(path)) setLeftLogsAside(path);
      putInPlace(building, path);
    } finally {
      lock.release();
    }
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
  return explainWriteError(error, path);
}
