import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
