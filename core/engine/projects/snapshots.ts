import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { saveSnapshot } from '../../store/snapshot.ts';
import type { OpenProject } from '../open-projects.ts';
import { safeRelativePath } from '../uploads/file-names.ts';
import { plainLine } from './view-project.ts';

/** A copy of a project file as it was. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
}

/** `2026-05-31 12.00.01.250 NAME.congeal` */
const pattern = /^(\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.(\d\d)\.(\d{3}) (.*)\.congeal$/su;

/** Copies a project as it is now into a folder beside its file. **Throws** as `saveSnapshot`. */
export function takeSnapshot({ reader, path }: OpenProject, name: string, at: number = Date.now()): Snapshot {
  const folder = snapshotFolder(path);
  mkdirSync(folder, { recursive: true });
  const stem = safeRelativePath(name.replaceAll(/[/\\]/g, '_')).at(-1) ?? 'Snapshot';
  for (let moment = at; ; moment++) {
    const stamp = new Date(moment).toISOString().replace('T', ' ').replaceAll(':', '.').replace('Z', '');
    const target = join(folder, `${stamp} ${stem}.congeal`);
    if (existsSync(target)) continue;
    saveSnapshot(reader, target);
    return toSnapshot(folder, basename(target)) as Snapshot;
  }
}

/** The snapshots of a project, latest first. */
export function listSnapshots({ path }: OpenProject): readonly Snapshot[] {
  const folder = snapshotFolder(path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => toSnapshot(folder, name) ?? [])
    .sort((a, b) => b.at - a.at);
}

function snapshotFolder(path: string): string {
  return join(dirname(path), `${basename(path, extname(path))} snapshots`);
}

function toSnapshot(folder: string, file: string): Snapshot | undefined {
  const found = pattern.exec(file);
  if (found === null) return undefined;
  const [, day, hour, minute, second, fraction, name] = found;
  return {
    id: createHash('sha256').update(file).digest('base64url').slice(0, 22),
    name: plainLine(name),
    at: Date.parse(`${day}T${hour}:${minute}:${second}.${fraction}Z`),
    bytes: statSync(join(folder, file)).size,
  };
}
