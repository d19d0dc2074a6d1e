import { createRequire } from 'node:module';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = createRequire(import.meta.url)('../../package.json') as Manifest;

/** The program's own version. */
export const programVersion = manifest.version;

/** Versions of the program, of Node and of what it computes with, by name; loads none of them. */
export function programVersions(): Readonly<Record<string, string>> {
  const { dependencies } = manifest;
  const shown = ['onnxruntime-node', 'sharp', 'better-sqlite3', 'hono'];
  return {
    congeal: manifest.version,
    node: process.versions.node,
    ...Object.fromEntries(shown.map((name) => [name, dependencies[name]])),
  };
}
