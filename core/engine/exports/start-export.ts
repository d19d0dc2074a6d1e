import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CongealError } from '../../contract/errors.ts';
import type { ExportRun } from '../../contract/recipes.ts';
import type { RunId } from '../../store/ids.ts';
import { toStoredPath } from '../../store/project-paths.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { isDeviceName } from '../uploads/file-names.ts';
import { withPlan } from '../runs/run-plan.ts';
import { queue } from '../runs/start-run.ts';
import { nothingToExport, preparedExport } from './export-work.ts';

/** What a folder's name may not hold, on any system. */
const forbidden = /[/\\:*?"<>|]|^\.|[. ]$/;

/** Bytes that are left of 255 for the name of what is built beside it first. */
const longestName = 200;

/** Where a dataset goes: a folder that was granted, or that of the project file, and the name of the new folder. */
export interface ExportPlace {
  readonly folder: string | null;
  readonly name: string;
}

/**
 * Starts to write a dataset into a new folder.
 *
 * **Throws** CongealError `usage` for a name that no folder may have, `output-not-empty` when it is taken, `input-empty`
 * when nothing can be exported, `not-found`, `conflict`.
 */
export function startExport(
  engine: Engine,
  open: OpenProject,
  options: ExportRun,
  { folder, name }: ExportPlace,
): RunId {
  if (forbidden.test(name))
    throw new CongealError('usage', `'${name}' cannot be the name of a folder. Choose one without / \\ : * ? " < > |.`);
  if (isDeviceName(name) || Buffer.byteLength(name) > longestName)
    throw new CongealError(
      'usage',
      `'${name}' cannot be the name of a folder on every system (${isDeviceName(name) ? 'Windows keeps it for a device' : `${Buffer.byteLength(name)} bytes, at most ${longestName}`}). Choose another.`,
    );
  const out = join(folder ?? dirname(open.path), name);
  if (existsSync(out))
    throw new CongealError(
      'output-not-empty',
      `There is something called '${name}' there already. Choose another name.`,
    );
  const { images, plan } = preparedExport(open.reader, options);
  if (plan.crops.length === 0) throw nothingToExport(images.length);
  const planned = plan.crops.map(({ from, id }) => [from.image.id, id] as const);
  const row = withPlan({ ...options, out: toStoredPath(open.path, out) }, { images: planned });
  return queue(engine, open, { kind: 'export', seed: 1, parent: options.run }, { options: row });
}
