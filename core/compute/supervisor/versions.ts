import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const ours = createRequire(import.meta.url);

let known: Readonly<Record<string, string>> | undefined;

/**
 * Versions of the program and of what it computes with, by name: they are part of every recipe. Read from the packages'
 * descriptions, so that asking loads none of them.
 */
export function versions(): Readonly<Record<string, string>> {
  known ??= {
    congeal: (ours('../../../package.json') as { version: string }).version,
    node: process.versions.node,
    'onnxruntime-node': describe('onnxruntime-node').version,
    sharp: describe('sharp').version,
    libvips: libvipsVersion(),
  };
  return known;
}

/** The folder of an installed package and its version. */
function describe(name: string): { readonly folder: string; readonly version: string } {
  let folder = folderOf(name);
  if (folder === undefined) return { folder: '', version: 'missing' };
  for (;;) {
    const found = readPackage(folder);
    if (found?.name === name) return { folder, version: found.version };
    if (dirname(folder) === folder) throw new Error(`the package ${name} has no description`);
    folder = dirname(folder);
  }
}

function folderOf(name: string): string | undefined {
  try {
    return dirname(ours.resolve(name));
  } catch {
    return undefined;
  }
}

function readPackage(folder: string): { readonly name?: string; readonly version: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version: string };
  } catch {
    return undefined;
  }
}

/** The libvips that sharp brings for this machine, looked for where sharp looks for it. */
function libvipsVersion(): string {
  const { folder } = describe('sharp');
  if (folder === '') return 'missing';
  const theirs = createRequire(join(folder, 'package.json'));
  const { platform, arch } = process;
  const machines = platform === 'linux' ? [`linux-${arch}`, `linuxmusl-${arch}`] : [`${platform}-${arch}`];
  for (const name of machines.flatMap((machine) => [`@img/sharp-${machine}`, `@img/sharp-libvips-${machine}`])) {
    try {
      return (theirs(`${name}/versions`) as { vips: string }).vips;
    } catch {
      /* Not this one. */
    }
  }
  return "the system's";
}
