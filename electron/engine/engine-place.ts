import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the engine's program lies. */
export interface EnginePlace {
  /** A plain Node: Electron's own cannot load what decodes images, and blocks while it computes. */
  readonly node: string;
  readonly entry: string;
}

/** What the shell knows of where it lies itself. */
export interface ShellPlace {
  readonly isPackaged: boolean;
  /** The folder that holds `dist/electron`: the repository, or `app.asar`. */
  readonly top: string;
  /** The folder of what was packed beside the app. */
  readonly resources: string;
  readonly platform: NodeJS.Platform;
}

/** Where the engine lies: beside the packed app, or in the repository with the Node that npm brought. */
export function enginePlace({ isPackaged, top, resources, platform }: ShellPlace): EnginePlace {
  const binary = platform === 'win32' ? 'node.exe' : 'node';
  const entry = join('core', 'cli', 'congeal.js');
  if (isPackaged)
    // Plain Node reads no archives: everything that it runs is unpacked beside the archive.
    return { node: join(resources, 'node', binary), entry: join(resources, 'app.asar.unpacked', entry) };
  return { node: join(top, 'node_modules', 'node', 'bin', binary), entry: join(top, entry) };
}

/** A pipe that only this user gets to, and the folder to remove with it. */
export interface PipePlace {
  readonly path: string;
  readonly folder: string | undefined;
}

/** A new place for a pipe: in a folder of the user's own, or on Windows under a name of 128 random bits. */
export function newPipePlace(platform: NodeJS.Platform): PipePlace {
  if (platform === 'win32')
    return { path: `\\\\.\\pipe\\congeal-${randomBytes(16).toString('hex')}`, folder: undefined };
  const folder = mkdtempSync(join(tmpdir(), 'congeal-'));
  return { path: join(folder, 'engine'), folder };
}
