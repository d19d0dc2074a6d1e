import { prepare, reading, type ProjectReader } from './database.ts';
import type { ImageState } from './image-filter.ts';
import type { RunId } from './ids.ts';

/** The values that a score of a run has. */
export interface ScoreRange {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

const countStates = `SELECT CASE WHEN status = 'ready' THEN 'ready' WHEN failure_code = 'missing' THEN 'missing'
    WHEN failure_code = 'image-quarantined' THEN 'quarantined' ELSE 'failed' END AS state, count(*) AS images
  FROM image WHERE removed_at IS NULL GROUP BY state`;
const countDecided = `SELECT CASE WHEN decision IS NOT NULL THEN decision
    WHEN matrix IS NOT NULL OR correction.box IS NOT NULL THEN 'edited' ELSE 'none' END AS state, count(*) AS images
  FROM correction JOIN image ON image.id = image_id WHERE run_id = ? AND removed_at IS NULL GROUP BY state`;
/** Each name costs a few steps in the index, however many images have it. */
const selectRanges = `WITH RECURSIVE named (name) AS (
    SELECT min(name) FROM score WHERE run_id = @run
    UNION ALL SELECT (SELECT min(name) FROM score WHERE run_id = @run AND name > named.name) FROM named
      WHERE named.name IS NOT NULL)
  SELECT name, (SELECT min(value) FROM score WHERE run_id = @run AND name = named.name) AS low,
    (SELECT max(value) FROM score WHERE run_id = @run AND name = named.name) AS high
  FROM named WHERE name IS NOT NULL`;

interface CountRow {
  readonly state: string;
  readonly images: number;
}

/** How many images of the collection are in each state. **Throws** as `reading`. */
export function countByState(project: ProjectReader): Readonly<Record<ImageState, number>> {
  const rows = reading(project, () => prepare<[], CountRow>(project, countStates).all());
  const counts = Object.fromEntries(rows.map(({ state, images }) => [state, images]));
  return { ready: 0, failed: 0, missing: 0, quarantined: 0, ...counts };
}

/** How many images of a run have been decided on, or corrected. **Throws** as `reading`. */
export function countByDecision(
  project: ProjectReader,
  run: RunId,
): Readonly<Record<'accepted' | 'rejected' | 'edited', number>> {
  const rows = reading(project, () => prepare<[RunId], CountRow>(project, countDecided).all(run));
  const counts = Object.fromEntries(rows.filter(({ state }) => state !== 'none').map((row) => [row.state, row.images]));
  return { accepted: 0, rejected: 0, edited: 0, ...counts };
}

/** The scores that a run has given, by name. **Throws** as `reading`. */
export function listScoreRanges(project: ProjectReader, run: RunId): readonly ScoreRange[] {
  return reading(project, () => prepare<[{ run: RunId }], ScoreRange>(project, selectRanges).all({ run }));
}
