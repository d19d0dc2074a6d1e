import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../settings/settings-file.ts';

/** A project that was open once. */
export interface Recent {
  readonly id: string;
  /** Absolute path of the project file. */
  readonly path: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Images when it was last looked at. */
  readonly images: number;
}

/** The projects opened lately, kept between starts. */
export interface RecentProjects {
  /** Latest first. */
  readonly list: () => readonly Recent[];
  readonly note: (project: Omit<Recent, 'id'>) => void;
  /** Says how many images a project has now; its place in the list stays. */
  readonly count: (path: string, images: number) => void;
  /** Gives whether there was one. */
  readonly forget: (id: string) => boolean;
}

const mostKept = 50;

const schema = z.array(
  z.object({ path: z.string(), name: z.string(), openedAt: z.number(), images: z.number().int().min(0) }),
);

/** The recent list in a folder; a list that cannot be read is begun anew, one that cannot be written costs only itself. */
export function openRecentProjects(folder: string): RecentProjects {
  const file = join(folder, 'recent.json');
  let known: readonly Recent[] | undefined;
  const list = () => (known ??= load(file));
  const write = (next: readonly Recent[]) => {
    known = next.slice(0, mostKept);
    const text = JSON.stringify(known.map(({ path, name, openedAt, images }) => ({ path, name, openedAt, images })));
    try {
      writeDurably(folder, file, `${text}\n`);
    } catch {
      /* It stands in memory; a full disk must not keep a project from being opened. */
    }
  };
  return {
    list,
    note: (project) => {
      write([{ ...project, id: idOf(project.path) }, ...list().filter(({ path }) => path !== project.path)]);
    },
    count: (path, images) => {
      const isNews = list().some((one) => one.path === path && one.images !== images);
      if (isNews) write(list().map((one) => (one.path === path ? { ...one, images } : one)));
    },
    forget: (id) => {
      const left = list().filter((one) => one.id !== id);
      if (left.length === list().length) return false;
      write(left);
      return true;
    },
  };
}

function load(file: string): readonly Recent[] {
  if (!existsSync(file)) return [];
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).map((one) => ({ ...one, id: idOf(one.path) }));
  } catch {
    return [];
  }
}

function idOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url').slice(0, 22);
}
