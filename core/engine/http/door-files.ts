import { readdir, readFile, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageCacheControl, pageMediaTypes } from '../../contract/pages.ts';

/** Answers the files of a page by path; undefined for everything else. */
export type DoorFiles = (path: string) => Promise<Response | undefined>;

const windowFolder = fileURLToPath(new URL('../../../dist/renderer', import.meta.url));

/** What the door shows where the window has not been built; no file of it is loaded. */
const notBuilt = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Congeal</title>
  <h1>The window is not built</h1>
  <p>The engine is running, but there is no <code>dist/renderer</code>. Build the window with <code>npm run build</code> and start again.</p>
</html>
`;

/**
 * Serves the window's files. They are listed once: a path that is not in the list does not exist, whatever it spells.
 * Without a built window its place holds a page that says how to build it.
 */
export async function createDoorFiles(folder = windowFolder): Promise<DoorFiles> {
  const files = await listFiles(folder);
  if (!files.has('/index.html')) return (path) => Promise.resolve(path === '/' ? notBuiltPage() : undefined);
  return async (path) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return undefined;
    return new Response(await readFile(file), {
      headers: { 'Content-Type': pageMediaTypes[extname(file)], 'Cache-Control': pageCacheControl(file) },
    });
  };
}

function notBuiltPage(): Response {
  return new Response(notBuilt, { status: 503, headers: { 'Content-Type': pageMediaTypes['.html'] } });
}

async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return new Map();
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && extname(entry.name) in pageMediaTypes)
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(root.length).replaceAll('\\', '/'), file] as const;
      }),
  );
}
