import { versions } from '../compute/supervisor/versions.ts';

/** The program's version, and those of what it computes with, as one line. */
export function versionLine(): string {
  return Object.entries(versions())
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
