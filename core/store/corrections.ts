import type { Box } from '../geometry/boxes.ts';
import type { Matrix3 } from '../geometry/matrix.ts';
import { prepare, reading, type Editing, type ProjectReader } from './database.ts';
import type { ImageId, RunId } from './ids.ts';

/** A point of the canonical frame ([-1, 1]) held on a point of the image (pixels of the oriented original). */
export interface Pin {
  readonly canonical: { readonly x: number; readonly y: number };
  readonly image: { readonly x: number; readonly y: number };
}

/**
 * What a person says about one image of a run; what is null stays as the run found it. **Convention**:
 * `canonicalToImage` takes `CanonicalPoint` to `PixelPoint` of the oriented original, `box` is in those pixels.
 */
export interface Correction {
  readonly image: ImageId;
  readonly decision: 'accepted' | 'rejected' | null;
  readonly canonicalToImage: Matrix3 | null;
  readonly mirrored: boolean | null;
  readonly box: Box | null;
  readonly pins: readonly Pin[] | null;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

interface CorrectionRow {
  readonly image_id: number;
  readonly decision: 'accepted' | 'rejected' | null;
  readonly matrix: string | null;
  readonly mirrored: 0 | 1 | null;
  readonly box: string | null;
  readonly pins: string | null;
  readonly changed_at: number;
}

const columns = 'image_id, decision, matrix, mirrored, box, pins, changed_at';
const upsertOne = `INSERT INTO correction (run_id, ${columns})
  VALUES (@run_id, @image_id, @decision, @matrix, @mirrored, @box, @pins, @changed_at)
  ON CONFLICT (run_id, image_id) DO UPDATE SET decision = excluded.decision, matrix = excluded.matrix,
    mirrored = excluded.mirrored, box = excluded.box, pins = excluded.pins, changed_at = excluded.changed_at`;
const decideMany = `INSERT INTO correction (run_id, image_id, decision, changed_at)
  SELECT ?, image.id, ?, ? FROM json_each(?) AS given CROSS JOIN image ON image.id = given.value WHERE true
  ON CONFLICT (run_id, image_id) DO UPDATE SET decision = excluded.decision, changed_at = excluded.changed_at`;
const resetMany = 'DELETE FROM correction WHERE run_id = ? AND image_id IN (SELECT value FROM json_each(?))';
const selectAll = `SELECT ${columns} FROM correction WHERE run_id = ? ORDER BY image_id`;
const selectOfMany = `SELECT ${columns} FROM json_each(?) AS given
  CROSS JOIN correction ON run_id = ? AND image_id = given.value`;

/** Replaces what is said about one image of a run. */
export function saveCorrection(editing: Editing, run: RunId, correction: Correction): void {
  const { image, decision, canonicalToImage, mirrored, box, pins, changedAt } = correction;
  prepare(editing, upsertOne).run({
    run_id: run,
    image_id: image,
    decision,
    matrix: toJson(canonicalToImage),
    mirrored: mirrored === null ? null : Number(mirrored),
    box: toJson(box),
    pins: toJson(pins),
    changed_at: changedAt,
  });
}

/** Accepts or rejects images of a run, or takes that back; what else was said about them stays. */
export function decideImages(
  editing: Editing,
  run: RunId,
  images: readonly ImageId[],
  decision: Correction['decision'],
  changedAt: number = Date.now(),
): number {
  return prepare(editing, decideMany).run(run, decision, changedAt, JSON.stringify(images)).changes;
}

/** Forgets everything that was said about images of a run. Gives for how many there was something. */
export function resetCorrections(editing: Editing, run: RunId, images: readonly ImageId[]): number {
  return prepare(editing, resetMany).run(run, JSON.stringify(images)).changes;
}

/** What was said about images of a run, by image id. **Throws** as `reading`. */
export function listCorrections(project: ProjectReader, run: RunId): readonly Correction[] {
  return reading(project, () => prepare<[RunId], CorrectionRow>(project, selectAll).all(run).map(toCorrection));
}

/** What was said about some images of a run; those of which nothing was said are missing. **Throws** as `reading`. */
export function correctionsOfImages(
  project: ProjectReader,
  run: RunId,
  images: readonly ImageId[],
): readonly Correction[] {
  return reading(project, () =>
    prepare<[string, RunId], CorrectionRow>(project, selectOfMany).all(JSON.stringify(images), run).map(toCorrection),
  );
}

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function toCorrection(row: CorrectionRow): Correction {
  return {
    image: row.image_id as ImageId,
    decision: row.decision,
    canonicalToImage: row.matrix === null ? null : (JSON.parse(row.matrix) as Matrix3),
    mirrored: row.mirrored === null ? null : row.mirrored === 1,
    box: row.box === null ? null : (JSON.parse(row.box) as Box),
    pins: row.pins === null ? null : (JSON.parse(row.pins) as readonly Pin[]),
    changedAt: row.changed_at,
  };
}
