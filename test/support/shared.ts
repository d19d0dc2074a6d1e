import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../shared');

/** True where the test data beside the checkout exists; tests that need it skip without it. */
export const hasShared = existsSync(resolve(folder, 'data/SHA256SUMS'));

/** Path of a file in the test data beside the checkout. */
export function shared(path: string): string {
  return resolve(folder, path);
}
