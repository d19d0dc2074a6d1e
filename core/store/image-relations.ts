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
const sameAmongMany = `SELECT json_group_array(image.id ORDER BY image.id) AS images FROM json_each(?) AS given
  CROSS JOIN image ON image.id = given.value GROUP BY sha256 HAVING count(*) > 1 ORDER BY min(image.id)`;
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

/** Of these images, those whose files hold the same bytes as another's, together and by id. **Throws** as `reading`. */
export function sameFilesAmong(project: ProjectReader, images: readonly ImageId[]): readonly (readonly ImageId[])[] {
  const rows = reading(project, () =>
    prepare<[string], { images: string }>(project, sameAmongMany).all(JSON.stringify(images)),
  );
  return rows.map((row) => JSON.parse(row.images) as readonly ImageId[]);
}

/** Images that can be compared, by id, `limit` at a time after `after` (0 to begin). **Throws** as `reading`. */
export function pageLikenesses(project: ProjectReader, after: number, limit: number): readonly ImageLikeness[] {
  return reading(project, () => prepare<[number, number], ImageLikeness>(project, selectLikenesses).all(after, limit));
}

/** How many runs a project has seen. **Throws** as `reading`. */
export function countRuns(project: ProjectReader): number {
  return reading(project, () => prepare<[], { runs: number }>(project, countRunRows).get())?.runs ?? 0;
}
