import { readdir, readFile, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Answers the files of a page by path; undefined for everything else. */
export type DoorFiles = (path: string) => Promise<Response | undefined>;

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The page that this door shows: the window's build where there is one, its own page otherwise. */
function defaultDoorFolders(): readonly string[] {
  return ['../../../dist/renderer', '../../../resources/door'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
}

/**
 * Serves the files of the first folder that has a page. They are listed once: a path that is not in the list does not
 * exist, whatever it spells.
 */
export async function createDoorFiles(folders = defaultDoorFolders()): Promise<DoorFiles> {
  const files = await firstWithPage(folders);
  return async (path) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return undefined;
    const hashed = /-[A-Za-z0-9_-]{8}\.\w+$/.test(path);
    return new Response(await readFile(file), {
      headers: {
        'Content-Type': mediaTypes[extname(file)],
        'Cache-Control': hashed ? 'private, max-age=31536000, immutable' : 'no-cache',
      },
    });
  };
}

async function firstWithPage(folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  for (const folder of folders) {
    const files = await listFiles(folder);
    if (files.has('/index.html')) return files;
  }
  return new Map();
}

async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return new Map();
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && extname(entry.name) in mediaTypes)
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(root.length).replaceAll('\\', '/'), file] as const;
      }),
  );
}
