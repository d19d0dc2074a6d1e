import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../store/cache-folder.ts';

/**
 * Keeps compiled code in the user's cache folder: the next start, and every worker, compiles only what has changed. Where
 * the folder cannot be written everything goes on without it.
 */
export function keepCompiledCode(): void {
  const folder = process.env['NODE_COMPILE_CACHE'] ?? join(cacheFolder(), 'compiled');
  process.env['NODE_COMPILE_CACHE'] = folder;
  enableCompileCache(folder);
}
