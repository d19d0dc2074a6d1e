import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, '../../../dist/renderer');

/** How large the built window is, as it would travel: every script, style sheet and page gzipped by itself. */
export function run(emit: (figure: Record<string, unknown>) => void): void {
  const files = readdirSync(dist, { recursive: true })
    .map(String)
    .filter((name) => /\.(js|css|html|svg)$/.test(name));
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name))).length, 0);
  emit({ name: 'bundle', files: files.length, gzippedKilobytes: bytes / 1000, target: 600 });
}
