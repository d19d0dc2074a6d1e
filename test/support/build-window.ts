import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const top = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['renderer', 'core/contract', 'core/geometry', 'package-lock.json'];

/** Builds the window before the end-to-end tests where what it is made of has changed since. */
export default async function buildWindow(): Promise<void> {
  const page = join(top, 'dist/renderer/index.html');
  if (existsSync(page) && statSync(page).mtimeMs > Math.max(...sources.map(latestChange))) return;
  await build({ configFile: join(top, 'renderer/vite.config.ts'), logLevel: 'warn' });
}

function latestChange(path: string): number {
  const root = join(top, path);
  if (!statSync(root).isDirectory()) return statSync(root).mtimeMs;
  return Math.max(...readdirSync(root, { recursive: true }).map((file) => statSync(join(root, String(file))).mtimeMs));
}
