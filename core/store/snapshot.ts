import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CongealError } from '../contract/errors.ts';
import type { ProjectReader } from './database.ts';
import { syncFile, syncFolder } from './durable.ts';
import { removeLeftHalves } from './left-halves.ts';
import { mayBeRemote } from './network-folder.ts';
import { openDatabase } from './open-database.ts';
import { fromStoredPath, toStoredPath } from './project-paths.ts';
import { translateSqliteError } from './sqlite-errors.ts';
import { explainWriteError } from './write-errors.ts';

/** Columns that hold paths, which are relative to the project file. */
const pathColumns = [
  ['image', 'path'],
  ['model', 'path'],
  ['export', 'folder'],
  ['strike', 'path'],
] as const;

/**
 * Copies a project as it is at this moment, also while it is being written, to `target` (a new file), which holds
 * everything, undo log included, and finds the same images from where it stands. It is there whole or not at all.
 *
 * **Throws** 'output-not-empty' (the target exists), 'output-unwritable', 'disk-full', 'disk-failed', 'project-invalid'.
 */
export function saveSnapshot(project: ProjectReader, target: string): void {
  const path = resolve(target);
  if (existsSync(path))
    throw new CongealError('output-not-empty', `${path} exists; choose another name for the copy.`, {
      details: { path },
    });
  const partial = `${path}.partial-${process.pid}`;
  if (!mayBeRemote(path)) removeLeftHalves(dirname(path));
  try {
    rmSync(partial, { force: true });
    vacuumInto(project, partial);
    if (dirname(path) !== dirname(project.path)) movePaths(partial, project.path, path);
    syncFile(partial);
    putInPlace(partial, path);
    syncFolder(path);
  } catch (error) {
    throw explainWriteError(translateSqliteError(error, path), path);
  } finally {
    for (const suffix of ['', '-journal']) rmSync(partial + suffix, { force: true });
  }
}

/** Where a project is only looked at, queries alone are allowed; a copy changes nothing, but SQLite does not know. */
function vacuumInto({ access, database }: ProjectReader, file: string): void {
  if (access === 'read') database.pragma('query_only = OFF');
  try {
    database.prepare('VACUUM INTO ?').run(file);
  } finally {
    if (access === 'read') database.pragma('query_only = ON');
  }
}

function movePaths(file: string, from: string, to: string): void {
  const database = openDatabase(file);
  try {
    database.function('moved', { deterministic: true }, (stored: unknown) =>
      typeof stored === 'string' ? toStoredPath(to, fromStoredPath(from, stored)) : null,
    );
    const move = database.transaction(() => {
      for (const [table, column] of pathColumns)
        database.exec(`UPDATE ${table} SET ${column} = moved(${column}) WHERE ${column} IS NOT NULL`);
      database.exec(`UPDATE run SET options = json_set(options, '$.folder', moved(options ->> '$.folder'))
        WHERE json_type(options, '$.folder') = 'text'`);
      database.exec(`UPDATE run SET options = json_set(options, '$.plan.folders',
          json((SELECT json_group_array(moved(value)) FROM json_each(options, '$.plan.folders'))))
        WHERE json_type(options, '$.plan.folders') = 'array'`);
    });
    move();
  } finally {
    database.close();
  }
}

/** Linking, unlike renaming, cannot replace a file that somebody made meanwhile; some disks have no links. */
function putInPlace(partial: string, path: string): void {
  try {
    linkSync(partial, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    renameSync(partial, path);
  }
}
