import Database from 'better-sqlite3';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { prepare } from './database.ts';
import { openDatabase } from './open-database.ts';
import { sha256 } from './sha256.ts';

const fileName = 'cache.sqlite';
const twoGibibytes = 2 * 1024 ** 3;
/** How long to wait for another process that writes, in milliseconds. */
const patience = 1000;
/** After eviction the cache is this full, so that not every write evicts. */
const keptShare = 0.9;

const schema = `
  CREATE TABLE IF NOT EXISTS entry (
    key TEXT PRIMARY KEY,
    blob BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    used INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entry_by_use ON entry (used, bytes);
  CREATE TABLE IF NOT EXISTS fill (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO fill VALUES (1, 0);
  CREATE TRIGGER IF NOT EXISTS entry_comes AFTER INSERT ON entry BEGIN
    UPDATE fill SET bytes = bytes + new.bytes;
  END;
  CREATE TRIGGER IF NOT EXISTS entry_goes AFTER DELETE ON entry BEGIN
    UPDATE fill SET bytes = bytes - old.bytes;
  END;`;
const select = 'SELECT blob, sha256 FROM entry WHERE key = ? AND bytes <= ?';
const selectKey = 'SELECT 1 FROM entry WHERE key = ?';
const touch = 'UPDATE entry SET used = (SELECT max(used) + 1 FROM entry) WHERE key = ?';
const insert = `INSERT INTO entry (key, blob, sha256, bytes, used)
  VALUES (?, ?, ?, ?, (SELECT coalesce(max(used), 0) + 1 FROM entry))`;
const remove = 'DELETE FROM entry WHERE key = ?';
const removeAll = 'DELETE FROM entry';
const fill = 'SELECT bytes FROM fill';
const count = 'SELECT count(*) AS entries FROM entry';
const oldest = 'SELECT key, bytes FROM entry ORDER BY used LIMIT 500';

interface EntryRow {
  readonly blob: Uint8Array;
  readonly sha256: string;
}

interface Limits {
  /** Where the cache file stands; the user's cache folder where not given. */
  readonly folder?: string;
  /** How many bytes of blobs may be kept; 2 GiB where not given. */
  readonly limitBytes?: number;
}

/**
 * The disposable cache of what can be recomputed: blobs by key (see `cacheKey`), each with its checksum. It never
 * throws for what happens on the disk: what cannot be kept or read is simply computed again. A broken cache file is
 * set aside as `cache.sqlite.broken` and a new one begun.
 */
export class Cache {
  readonly #path: string;
  #limitBytes: number;
  #database: Database.Database | undefined;
  #whyBroken: string | undefined;

  constructor(options: Limits = {}) {
    const folder = options.folder ?? cacheFolder();
    this.#path = join(folder, fileName);
    this.#limitBytes = options.limitBytes ?? twoGibibytes;
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      this.#whyBroken = `Nothing can be kept in ${folder}: ${(error as Error).message}.`;
      return;
    }
    this.#database = this.#open();
    if (this.#database === undefined) this.#whyBroken = sayBroken(this.#path);
  }

  /** Why nothing can be kept; undefined where it can. */
  get whyBroken(): string | undefined {
    return this.#whyBroken;
  }

  /**
   * The blob under a key, or undefined where there is none or it is larger than `mostBytes`; one whose bytes have
   * changed on the disk is dropped.
   */
  read(key: string, mostBytes?: number): Uint8Array | undefined {
    return this.#readAll([key], mostBytes).get(key);
  }

  /** The blobs under several keys, as `read` gives each, all in one go. */
  readAll(keys: readonly string[]): ReadonlyMap<string, Uint8Array> {
    return this.#readAll(keys);
  }

  /** Whether there is a blob under a key, without looking at it. */
  has(key: string): boolean {
    return this.#forgiving((database) => prepare<[string]>({ database }, selectKey).get(key)) !== undefined;
  }

  /** Keeps a blob under a key where it can, dropping what was not used for longest where the limit is reached. */
  write(key: string, blob: Uint8Array): void {
    this.writeAll([[key, blob]]);
  }

  /** Keeps several blobs, all in one go. */
  writeAll(entries: readonly (readonly [key: string, blob: Uint8Array])[]): void {
    this.#forgiving((database) => {
      const write = database.transaction(() => {
        for (const [key, blob] of entries) {
          prepare<[string]>({ database }, remove).run(key);
          if (blob.length > this.#limitBytes * keptShare) continue;
          prepare({ database }, insert).run(key, blob, sha256(blob), blob.length);
        }
        this.#evict(database);
      });
      write.immediate();
    });
  }

  /** How many bytes of blobs are kept. */
  get bytes(): number {
    return this.#forgiving((database) => prepare<[], { bytes: number }>({ database }, fill).get()?.bytes) ?? 0;
  }

  /** How many blobs are kept. */
  get entries(): number {
    return this.#forgiving((database) => prepare<[], { entries: number }>({ database }, count).get()?.entries) ?? 0;
  }

  /** Changes how many bytes may be kept, dropping at once what was not used for longest where that is less. */
  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.#forgiving((database) => {
      database.transaction(() => this.#evict(database)).immediate();
    });
  }

  /** Drops everything. Gives how many bytes of blobs there were. */
  clear(): number {
    const { bytes } = this;
    this.#forgiving((database) => {
      prepare({ database }, removeAll).run();
      database.exec('VACUUM');
    });
    return bytes - this.bytes;
  }

  /** Closes the file; closing it again does nothing. */
  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** What is there is given out also where nothing can be noted about it: on a full disk, or while another writes. */
  #readAll(keys: readonly string[], mostBytes: number = Number.MAX_SAFE_INTEGER): ReadonlyMap<string, Uint8Array> {
    const found = this.#forgiving((database) => readEntries(database, keys, mostBytes)) ?? [];
    const intact = found.filter(([, { blob, sha256: hash }]) => sha256(blob) === hash);
    const kept = new Set(intact.map(([key]) => key));
    const damaged = found.flatMap(([key]) => (kept.has(key) ? [] : [key]));
    if (found.length > 0)
      this.#forgiving((database) => {
        atOnce(database, () => {
          for (const key of kept) prepare<[string]>({ database }, touch).run(key);
          for (const key of damaged) prepare<[string]>({ database }, remove).run(key);
        });
      });
    return new Map(intact.map(([key, { blob }]) => [key, blob]));
  }

  #evict(database: Database.Database): void {
    let bytes = prepare<[], { bytes: number }>({ database }, fill).get()?.bytes ?? 0;
    if (bytes <= this.#limitBytes) return;
    while (bytes > this.#limitBytes * keptShare) {
      const entries = prepare<[], { key: string; bytes: number }>({ database }, oldest).all();
      if (entries.length === 0) return;
      for (const entry of entries) {
        if (bytes <= this.#limitBytes * keptShare) return;
        prepare<[string]>({ database }, remove).run(entry.key);
        bytes -= entry.bytes;
      }
    }
  }

  #open(): Database.Database | undefined {
    try {
      return openFile(this.#path);
    } catch (error) {
      return isBroken(error) ? this.#beginAgain() : undefined;
    }
  }

  #beginAgain(): Database.Database | undefined {
    try {
      setAside(this.#path);
      return openFile(this.#path);
    } catch {
      return undefined;
    }
  }

  #forgiving<Result>(work: (database: Database.Database) => Result): Result | undefined {
    if (this.#database === undefined) return undefined;
    try {
      return work(this.#database);
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
      if (isBroken(error)) {
        this.close();
        this.#database = this.#beginAgain();
        if (this.#database === undefined) this.#whyBroken = sayBroken(this.#path);
      }
      return undefined;
    }
  }
}

function readEntries(
  database: Database.Database,
  keys: readonly string[],
  mostBytes: number,
): readonly (readonly [key: string, EntryRow])[] {
  const read = database.transaction(() =>
    keys.flatMap((key) => {
      const row = prepare<[string, number], EntryRow>({ database }, select).get(key, mostBytes);
      return row === undefined ? [] : [[key, row] as const];
    }),
  );
  return read();
}

/** Writes now or not at all: nobody who reads waits for another who writes. */
function atOnce(database: Database.Database, work: () => void): void {
  database.pragma('busy_timeout = 0');
  try {
    database.transaction(work).immediate();
  } finally {
    database.pragma(`busy_timeout = ${patience}`);
  }
}

function openFile(path: string): Database.Database {
  const database = openDatabase(path, { timeout: patience });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.exec(schema);
    for (const sql of [select, selectKey, touch, insert, remove, fill, count, oldest]) prepare({ database }, sql);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function sayBroken(path: string): string {
  return `${path} cannot be opened; pictures are made each time.`;
}

/** Not a database, a damaged one, or one whose tables are not ours. */
function isBroken(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(error.code);
}

function setAside(path: string): void {
  renameSync(path, `${path}.broken`);
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
}
