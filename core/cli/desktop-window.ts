import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const top = resolve(import.meta.dirname, '../..');
/** Electron as npm brought it: without its binary, which it fetches when it is first asked for. */
const electronFolder = join(top, 'node_modules', 'electron');

/** How long the desktop window's own program may take to be found and to be fetched, in milliseconds. */
const patience = { reach: 4000, fetch: 600_000 } as const;

/** A failed attempt is not repeated for a day. */
const remembered = 24 * 60 * 60 * 1000;

/** A window that ends as early as this with an error never opened. */
const early = 20_000;

const failure = z.object({ version: z.string(), at: z.number(), reason: z.string() });

/** Where the desktop window's program is, or why there is none. */
export type WindowProgram = { readonly binary: string } | { readonly reason: string };

/** What decides whether there can be a window. */
export interface WindowSurroundings {
  readonly stateFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The folder of the npm package `electron`. */
  readonly electron?: string;
  /** Says what takes long. */
  readonly say: (line: string) => void;
}

/**
 * Finds Electron's binary, fetching it once where that is possible. Takes a few seconds at most where the network is not
 * there, and remembers that for a day. Never loads the package itself, which would begin to fetch whatever the place.
 */
export async function findWindowProgram(surroundings: WindowSurroundings): Promise<WindowProgram> {
  const { environment, platform, stateFolder, say } = surroundings;
  const electron = surroundings.electron ?? electronFolder;
  if (!existsSync(join(top, 'dist', 'electron', 'main.cjs'))) return { reason: 'it is not built: npm run build' };
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY'])
    return { reason: 'no display' };
  const found = binaryIn(electron);
  if (found !== undefined) return { binary: found };
  const version = versionOf(electron);
  if (version === undefined) return { reason: 'Electron is not installed' };
  const note = join(stateFolder, 'window.json');
  const before = readFailure(note, version);
  if (before !== undefined) return { reason: `${before}; it is tried again after a day` };
  const reason = (await cannotReach(environment, version)) ?? (await fetchBinary(electron, environment, say));
  const fetched = binaryIn(electron);
  if (fetched !== undefined) return { binary: fetched };
  const why = reason ?? 'Electron could not be fetched';
  writeFailure(stateFolder, note, { version, at: Date.now(), reason: why });
  return { reason: why };
}

/** Runs the desktop window until it is closed; gives why it did not open, or undefined when it did. */
export function runWindow(binary: string, words: readonly string[]): Promise<string | undefined> {
  const startedAt = performance.now();
  const child = spawn(binary, [top, ...words], { stdio: ['ignore', 'inherit', 'pipe'], env: asWindow(process.env) });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => {
      const isEarly = performance.now() - startedAt < early;
      if (code === 0 || code === null || !isEarly) resolve(undefined);
      else resolve(said.trim().split('\n').at(-1) ?? `it ended with status ${code}`);
    });
  });
}

/** The environment without what would turn Electron into a plain Node. */
function asWindow(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== 'ELECTRON_RUN_AS_NODE'));
}

function binaryIn(electron: string): string | undefined {
  const named = join(electron, 'path.txt');
  if (!existsSync(named)) return undefined;
  const binary = join(electron, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

function versionOf(electron: string): string | undefined {
  const manifest = join(electron, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}

/** Whether the place that Electron is fetched from answers at all; a network that is not there must cost seconds only. */
async function cannotReach(environment: NodeJS.ProcessEnv, version: string): Promise<string | undefined> {
  const mirror =
    environment['ELECTRON_MIRROR'] ??
    environment['npm_config_electron_mirror'] ??
    'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(patience.reach),
    });
    return undefined;
  } catch {
    return 'Electron could not be fetched';
  }
}

function fetchBinary(
  electron: string,
  environment: NodeJS.ProcessEnv,
  say: WindowSurroundings['say'],
): Promise<string | undefined> {
  say('Fetching the desktop window (Electron, about 120 MB, once)…');
  const child = spawn(process.execPath, [join(electron, 'install.js')], {
    stdio: 'ignore',
    env: asWindow(environment),
    timeout: patience.fetch,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve('Electron could not be fetched'));
    child.once('close', (code) => resolve(code === 0 ? undefined : 'Electron could not be fetched'));
  });
}

function readFailure(note: string, version: string): string | undefined {
  try {
    const found = failure.parse(JSON.parse(readFileSync(note, 'utf8')));
    const age = Date.now() - found.at;
    return found.version === version && age >= 0 && age < remembered ? found.reason : undefined;
  } catch {
    return undefined;
  }
}

function writeFailure(folder: string, note: string, found: z.infer<typeof failure>): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(note, `${JSON.stringify(found)}\n`);
  } catch {
    /* It is tried again next time. */
  }
}
