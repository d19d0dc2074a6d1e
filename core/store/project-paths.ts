import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

/** Writes an absolute path as it is stored: relative to the project file, `/` between parts; absolute on another drive. */
export function toStoredPath(projectPath: string, path: string): string {
  const stored = relative(dirname(projectPath), path);
  return isAbsolute(stored) || sep === '/' ? stored : stored.split(sep).join('/');
}

/** The absolute path that a stored one means, wherever the project file stands now. */
export function fromStoredPath(projectPath: string, stored: string): string {
  return resolve(dirname(projectPath), stored);
}
