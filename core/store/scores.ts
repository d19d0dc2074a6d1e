import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { ImageId, RunId } from './ids.ts';

/** One figure about one image in one run; the name says which. */
export interface StoredScore {
  readonly image: ImageId;
  readonly name: string;
  readonly value: number;
}

interface ScoreRow {
  readonly image_id: number;
  readonly name: string;
  readonly value: number;
}

const insertOne = 'INSERT INTO score (run_id, image_id, name, value) VALUES (?, ?, ?, ?)';
const removeAll = 'DELETE FROM score WHERE run_id = ?';
const selectAll = 'SELECT image_id, name, value FROM score WHERE run_id = ? ORDER BY image_id, name';
const selectOfMany = `SELECT image_id, name, score.value AS value FROM json_each(?) AS given
  CROSS JOIN score ON run_id = ? AND image_id = given.value ORDER BY image_id, name`;

/** Replaces a run's scores. **Throws** as `writing`. */
export function saveScores(project: Project, run: RunId, scores: readonly StoredScore[]): void {
  writing(project, () => {
    prepare(project, removeAll).run(run);
    for (const { image, name, value } of scores) prepare(project, insertOne).run(run, image, name, value);
  });
}

/** A run's scores, by image id, then by name. **Throws** as `reading`. */
export function listScores(project: ProjectReader, run: RunId): readonly StoredScore[] {
  return reading(project, () => prepare<[RunId], ScoreRow>(project, selectAll).all(run).map(toScore));
}

/** A run's scores of some images, by image id, then by name. **Throws** as `reading`. */
export function scoresOfImages(project: ProjectReader, run: RunId, images: readonly ImageId[]): readonly StoredScore[] {
  return reading(project, () =>
    prepare<[string, RunId], ScoreRow>(project, selectOfMany).all(JSON.stringify(images), run).map(toScore),
  );
}

function toScore(row: ScoreRow): StoredScore {
  return { image: row.image_id as ImageId, name: row.name, value: row.value };
}
