import { createRequire } from 'node:module';
import { imagingVersions } from '../imaging/versions.ts';
import { runtimeVersions } from '../runtime/versions.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Versions of the program and of what it computes with, by name: they are part of every recipe. */
export function versions(): Readonly<Record<string, string>> {
  return { congeal: version, node: process.versions.node, ...runtimeVersions(), ...imagingVersions() };
}
