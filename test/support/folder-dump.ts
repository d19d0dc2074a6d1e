import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Everything in some folders, once the logs of the projects in them have been emptied into the project files. */
export async function dumpWhenSettled(folders: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const logs = folders
    .filter((one) => existsSync(one))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.congeal-wal'))
        .map((name) => join(folder, name)),
    );
  while (logs.some((log) => existsSync(log) && lstatSync(log).size > 0)) await setTimeout(20);
  return dumpFolders(folders);
}

/**
 * Everything in some folders: for each path the hash of its bytes, so that any change shows. Left out is the index that
 * SQLite keeps beside its log: readers mark in it where they are.
 */
export function dumpFolders(folders: readonly string[]): Readonly<Record<string, string>> {
  const dump: Record<string, string> = {};
  for (const folder of folders.filter((one) => existsSync(one))) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (name.endsWith('-shm')) continue;
      const path = join(folder, name);
      const found = lstatSync(path);
      dump[path] = found.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'not a file';
    }
  }
  return dump;
}
