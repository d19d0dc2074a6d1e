import { prepare, reading, type ProjectReader } from './database.ts';
import type { ImageId, RunId } from './ids.ts';

/** What an image is compared with others by. */
export interface ImageLikeness {
  readonly id: ImageId;
  readonly sha256: string;
  /** 16 hexadecimal digits; null where an image cannot be compared by its looks. */
  readonly perceptualHash: string | null;
  /** Milliseconds since 1970, as the camera's clock said. */
  readonly takenAt: number | null;
}

const countOfMany = `SELECT image_id, count(*) AS annotations FROM json_each(?) AS given
  CROSS JOIN annotation INDEXED BY annotation_by_image ON image_id = given.value GROUP BY image_id`;
const runsOfOne = 'SELECT run_id FROM transform INDEXED BY transform_by_image WHERE image_id = ? ORDER BY run_id';
const hashesOfMany = `SELECT count(DISTINCT sha256) AS different FROM json_each(?) AS given
  CROSS JOIN image ON image.id = given.value`;
const selectLikenesses = `SELECT id, sha256, perceptual_hash AS perceptualHash, taken_at AS takenAt FROM image
  WHERE id > ? AND removed_at IS NULL AND status = 'ready' ORDER BY id LIMIT ?`;
const countRunRows = 'SELECT count(*) AS runs FROM run';

/** How many annotations images have; those without any are missing. **Throws** as `reading`. */
export function countAnnotations(project: ProjectReader, images: readonly ImageId[]): ReadonlyMap<ImageId, number> {
  const rows = reading(project, () =>
    prepare<[string], { image_id: ImageId; annotations: number }>(project, countOfMany).all(JSON.stringify(images)),
  );
  return new Map(rows.map(({ image_id, annotations }) => [image_id, annotations]));
}

/** The runs that have found something in an image, oldest first. **Throws** as `reading`. */
export function runsOfImage(project: ProjectReader, image: ImageId): readonly RunId[] {
  const rows = reading(project, () => prepare<[ImageId], { run_id: RunId }>(project, runsOfOne).all(image));
  return rows.map(({ run_id }) => run_id);
}

/** True for images whose files hold the same bytes. **Throws** as `reading`. */
export function haveSameBytes(project: ProjectReader, images: readonly ImageId[]): boolean {
  const json = JSON.stringify(images);
  return (
    reading(project, () => prepare<[string], { different: number }>(project, hashesOfMany).get(json))?.different === 1
  );
}

/** Images that can be compared, by id, `limit` at a time after `after` (0 to begin). **Throws** as `reading`. */
export function pageLikenesses(project: ProjectReader, after: number, limit: number): readonly ImageLikeness[] {
  return reading(project, () => prepare<[number, number], ImageLikeness>(project, selectLikenesses).all(after, limit));
}

/** How many runs a project has seen. **Throws** as `reading`. */
export function countRuns(project: ProjectReader): number {
  return reading(project, () => prepare<[], { runs: number }>(project, countRunRows).get())?.runs ?? 0;
}
