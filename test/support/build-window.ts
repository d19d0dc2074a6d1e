import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const top = fileURLToPath(new URL('../..', import.meta.url));
const parts = [
  {
    made: 'dist/renderer/files.json',
    of: ['renderer', 'core/contract', 'core/geometry', 'package-lock.json'],
    config: 'renderer/vite.config.ts',
    modes: ['production'],
  },
  {
    made: 'dist/electron/preload.cjs',
    of: ['electron', 'core/contract', 'package-lock.json'],
    config: 'electron/vite.config.ts',
    modes: ['main', 'preload'],
  },
] as const;

/**
 * Builds the window and the desktop shell before the end-to-end tests, where what they are made of has changed since: as
 * they are shipped, and not as the test runner's NODE_ENV would have them, larger and with Svelte's checks of development.
 */
export default async function buildWindow(): Promise<void> {
  const { NODE_ENV: before } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await buildStale();
  } finally {
    process.env['NODE_ENV'] = before;
  }
}

async function buildStale(): Promise<void> {
  for (const { made, of, config, modes } of parts) {
    const file = join(top, made);
    if (existsSync(file) && statSync(file).mtimeMs > Math.max(...of.map(latestChange))) continue;
    for (const mode of modes) await build({ configFile: join(top, config), mode, logLevel: 'warn' });
  }
}

function latestChange(path: string): number {
  const root = join(top, path);
  if (!statSync(root).isDirectory()) return statSync(root).mtimeMs;
  return Math.max(...readdirSync(root, { recursive: true }).map((file) => statSync(join(root, String(file))).mtimeMs));
}
