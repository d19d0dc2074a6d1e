import type Database from 'better-sqlite3';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFile, syncFolder } from './durable.ts';
import { schemaOf } from './migrations/migrate.ts';

/**
 * Copies a project file to `PATH.backup-vN` (N its schema) before it is migrated and gives the copy's path. An earlier
 * backup is never overwritten: the next one is called `PATH.backup-vN-2`.
 */
export function backUp(database: Database.Database, path: string): string {
  const name = `${path}.backup-v${schemaOf(database)}`;
  let target = name;
  for (let count = 2; existsSync(target); count++) target = `${name}-${count}`;
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  database.prepare('VACUUM INTO ?').run(partial);
  syncFile(partial);
  renameSync(partial, target);
  syncFolder(target);
  return target;
}

/** The finished backups beside a project file, oldest first: by schema, then by number. */
export function nameBackups(path: string): readonly string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  const prefix = `${basename(path)}.backup-v`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && !name.endsWith('.partial'))
    .sort((a, b) => {
      const [[schema, count], [otherSchema, otherCount]] = [numbersOf(a), numbersOf(b)];
      return schema - otherSchema || count - otherCount || (a < b ? -1 : 1);
    })
    .map((name) => join(folder, name));
}

function numbersOf(name: string): readonly [schema: number, count: number] {
  const [, schema = '0', count = '1'] = /\.backup-v(\d+)(?:-(\d+))?$/.exec(name) ?? [];
  return [Number(schema), Number(count)];
}
