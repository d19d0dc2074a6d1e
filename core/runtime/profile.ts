import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let folder: string | undefined;

/**
 * From now on every session that is opened counts the time of its ops and writes it into an existing folder when it is
 * released; with undefined the next ones do not. For measurements: it slows every op down a little.
 */
export function profileInto(path: string | undefined): void {
  folder = path;
}

/** What a session is opened with so that it counts, or nothing. */
export function profiling(): { readonly enableProfiling?: boolean; readonly profileFilePrefix?: string } {
  return folder === undefined ? {} : { enableProfiling: true, profileFilePrefix: join(folder, 'session') };
}

/** The time that all nodes of an op took together. */
export interface OpTime {
  readonly op: string;
  readonly milliseconds: number;
  /** Share of the time of all ops, 0 to 1. */
  readonly share: number;
}

/** An entry of ONNX Runtime's profile; durations are in microseconds. */
interface Entry {
  readonly cat?: string;
  readonly name?: string;
  readonly dur?: number;
  readonly args?: { readonly op_name?: string };
}

/** What the sessions that were released wrote into a folder, the longest first. */
export function readProfiles(path: string): readonly OpTime[] {
  const times = new Map<string, number>();
  for (const file of readdirSync(path).filter((name) => name.endsWith('.json'))) {
    const entries = JSON.parse(readFileSync(join(path, file), 'utf8')) as readonly Entry[];
    for (const { cat, name = '', dur = 0, args } of entries) {
      const op = args?.op_name;
      if (cat === 'Node' && name.endsWith('_kernel_time') && op !== undefined)
        times.set(op, (times.get(op) ?? 0) + dur / 1000);
    }
  }
  const all = [...times.values()].reduce((a, b) => a + b, 0);
  return [...times]
    .map(([op, milliseconds]) => ({ op, milliseconds, share: milliseconds / all }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
