import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { pageCacheControl, pageMediaTypes, pagePolicy } from '../core/contract/pages.ts';

/** Answers the files of the program's pages by path; undefined for everything else. */
export type PageFiles = (path: string) => Promise<Response | undefined>;

const manifestSchema = z.array(z.string().regex(/^\/[\w\-./]+$/));

const headers = {
  'Content-Security-Policy': pagePolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Serves exactly the files that the build listed in `files.json`: what else may lie in the folder does not exist. */
export function openPageFiles(folder: string): PageFiles {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')));
  const known = new Set(manifest.filter((path) => extname(path) in pageMediaTypes));
  return async (path) => {
    const file = path === '/' ? '/index.html' : path;
    if (!known.has(file)) return undefined;
    return new Response(new Uint8Array(await readFile(join(folder, file))), {
      headers: { ...headers, 'Content-Type': pageMediaTypes[extname(file)], 'Cache-Control': pageCacheControl(file) },
    });
  };
}
