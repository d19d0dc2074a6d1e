import type { Matrix3 } from '../geometry/matrix.ts';
import type { Box } from '../geometry/boxes.ts';
import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { ImageId, RunId } from './ids.ts';

/**
 * Where a run found the canonical frame in one image. **Convention**: `canonicalToImage` takes `CanonicalPoint`
 * ([-1, 1]) to `PixelPoint` of the oriented original; `box` is in those pixels. Null where nothing was found.
 */
export interface StoredTransform {
  readonly image: ImageId;
  readonly family: string;
  readonly canonicalToImage: Matrix3 | null;
  readonly mirrored: boolean;
  readonly status: string;
  readonly box: Box | null;
}

interface TransformRow {
  readonly image_id: number;
  readonly family: string;
  readonly m00: number | null;
  readonly m01: number;
  readonly m02: number;
  readonly m10: number;
  readonly m11: number;
  readonly m12: number;
  readonly m20: number;
  readonly m21: number;
  readonly m22: number;
  readonly mirrored: 0 | 1;
  readonly status: string;
  readonly xmin: number | null;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

const insertOne = `INSERT INTO transform (run_id, image_id, family, m00, m01, m02, m10, m11, m12, m20, m21, m22,
    mirrored, status, xmin, ymin, xmax, ymax)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const removeAll = 'DELETE FROM transform WHERE run_id = ?';
const columns = `image_id, family, m00, m01, m02, m10, m11, m12, m20, m21, m22, mirrored, status, xmin, ymin, xmax, ymax`;
const selectAll = `SELECT ${columns} FROM transform WHERE run_id = ? ORDER BY image_id`;
const selectOfMany = `SELECT ${columns} FROM json_each(?) AS given
  CROSS JOIN transform ON run_id = ? AND image_id = given.value`;

const noMatrix = Array<null>(9).fill(null);

/** Replaces a run's transforms. **Throws** as `writing`. */
export function saveTransforms(project: Project, run: RunId, transforms: readonly StoredTransform[]): void {
  writing(project, () => {
    prepare(project, removeAll).run(run);
    for (const { image, family, canonicalToImage, mirrored, status, box } of transforms) {
      const corners = box === null ? [null, null, null, null] : [box.xmin, box.ymin, box.xmax, box.ymax];
      const numbers = [...(canonicalToImage ?? noMatrix), mirrored ? 1 : 0, status, ...corners];
      prepare(project, insertOne).run(run, image, family, ...numbers);
    }
  });
}

/** A run's transforms, by image id. **Throws** as `reading`. */
export function listTransforms(project: ProjectReader, run: RunId): readonly StoredTransform[] {
  return reading(project, () => prepare<[RunId], TransformRow>(project, selectAll).all(run).map(toTransform));
}

/** A run's transforms of some images; those that it has none of are missing. **Throws** as `reading`. */
export function transformsOfImages(
  project: ProjectReader,
  run: RunId,
  images: readonly ImageId[],
): readonly StoredTransform[] {
  return reading(project, () =>
    prepare<[string, RunId], TransformRow>(project, selectOfMany).all(JSON.stringify(images), run).map(toTransform),
  );
}

function toTransform(row: TransformRow): StoredTransform {
  const { m00, m01, m02, m10, m11, m12, m20, m21, m22, xmin, ymin, xmax, ymax } = row;
  return {
    image: row.image_id as ImageId,
    family: row.family,
    canonicalToImage: m00 === null ? null : [m00, m01, m02, m10, m11, m12, m20, m21, m22],
    mirrored: row.mirrored === 1,
    status: row.status,
    box: xmin === null ? null : { xmin, ymin, xmax, ymax },
  };
}
