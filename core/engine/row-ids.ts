import { CongealError } from '../contract/errors.ts';
import type { ProjectReader } from '../store/database.ts';
import type { ImageId, RunId } from '../store/ids.ts';
import type { StoredImage } from '../store/images.ts';
import { findImage } from '../store/images.ts';
import type { Run } from '../store/runs.ts';
import { findRun } from '../store/runs.ts';

/**
 * The row id that an opaque id of the door stands for.
 *
 * **Throws** CongealError `not-found` for one that this program never gave out.
 */
export function rowIdOf(id: string, what: string): number {
  if (/^[1-9]\d{0,14}$/.test(id)) return Number(id);
  throw noSuch(what, id);
}

/** The run of an id. **Throws** CongealError `not-found`. */
export function runOf(project: ProjectReader, id: string): Run {
  const run = findRun(project, rowIdOf(id, 'run') as RunId);
  if (run === undefined) throw noSuch('run', id);
  return run;
}

/** The image of an id. **Throws** CongealError `not-found`. */
export function imageOf(project: ProjectReader, id: string): StoredImage {
  const image = findImage(project, rowIdOf(id, 'image') as ImageId);
  if (image === undefined) throw noSuch('image', id);
  return image;
}

/** The error for an id that names nothing in the project. */
export function noSuch(what: string, id: string): CongealError {
  return new CongealError('not-found', `There is no ${what} '${id}' in this project.`, { details: { [what]: id } });
}
