import type { Jobs } from '../../compute/job-kinds.ts';
import type { Strikes } from '../../compute/supervisor/suspects.ts';
import type { RunJobOptions, Workers } from '../../compute/supervisor/workers.ts';
import type { OpenProject } from '../open-projects.ts';
import { quarantineOf } from '../quarantine.ts';
import type { SettingsFile } from '../settings/settings-file.ts';

/** Kinds of jobs about one image that a person waits for. */
type ImageJob = 'look at' | 'preview' | 'tiles' | 'card';

/** What is held against files of projects that cannot be written, as long as they are open. */
const held = new WeakMap<OpenProject, Map<string, Strikes>>();

/**
 * Asks something of one image, of the worker that has it decoded where that is free. An image over which two workers have
 * died costs no third: what is held against it is kept in the project.
 *
 * **Throws** as `Workers.call`.
 */
export async function askOfImage<Kind extends ImageJob>(
  { workers }: { readonly workers: Workers },
  open: OpenProject,
  kind: Kind,
  request: Jobs[Kind]['request'],
  signal: AbortSignal,
): Promise<Jobs[Kind]['result']> {
  const { path } = request;
  const quarantine = quarantineIn(open, path);
  return await workers.call(kind, request, { signal, priority: 'interactive', threads: 1, on: path, quarantine });
}

/** How images are opened that people look at: what an import has let in is shown, however it was let in. */
export function readingOf({ settings }: { readonly settings: Pick<SettingsFile, 'read'> }) {
  const { atMostMegapixels, atMostFileBytes } = settings.read();
  return { allowDamaged: true, limits: { pixels: atMostMegapixels * 1e6, bytes: atMostFileBytes } };
}

function quarantineIn(open: OpenProject, path: string): NonNullable<RunJobOptions['quarantine']> {
  if (open.writer !== null) return quarantineOf(open.writer, [{ id: path, path }]);
  const known = held.get(open) ?? new Map<string, Strikes>();
  held.set(open, known);
  return { strikes: known.get(path) ?? new Map(), onChange: (strikes) => known.set(path, strikes) };
}
