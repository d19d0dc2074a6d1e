import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';
import { sha256 } from './sha256.ts';

/** A picture of the mean as a run went on: when, at which stage. `sequence` counts a run's frames from 1. */
export interface RunFrame {
  readonly sequence: number;
  readonly stage: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

interface FrameRow {
  readonly sequence: number;
  readonly stage: string;
  readonly made_at: number;
}

interface PictureRow {
  readonly picture: Uint8Array;
  readonly sha256: string;
}

const insertOne = `INSERT INTO run_frame (run_id, sequence, stage, made_at, picture, sha256)
  SELECT @run, coalesce(max(sequence), 0) + 1, @stage, @made_at, @picture, @sha256 FROM run_frame WHERE run_id = @run
  RETURNING sequence`;
const selectAll = 'SELECT sequence, stage, made_at FROM run_frame WHERE run_id = ? ORDER BY sequence';
const selectPicture = 'SELECT picture, sha256 FROM run_frame WHERE run_id = ? AND sequence = ?';
const removeOfStage = 'DELETE FROM run_frame WHERE run_id = ? AND stage = ?';
const removeBetween = 'DELETE FROM run_frame WHERE run_id = ? AND sequence > ? AND sequence < ?';

/** Adds a frame (an encoded picture, PNG) to a run's film and gives its sequence number. **Throws** as `writing`. */
export function saveFrame(
  project: Project,
  run: RunId,
  { stage, madeAt, picture }: Omit<RunFrame, 'sequence'> & { readonly picture: Uint8Array },
): number {
  const row = { run, stage, made_at: madeAt, picture, sha256: sha256(picture) };
  const saved = writing(project, () => prepare<[object], { sequence: number }>(project, insertOne).get(row));
  return saved?.sequence ?? 0;
}

/** Adds a frame as `saveFrame` does, in the place of those of the same stage: there is one of it. **Throws** as `writing`. */
export function replaceFrame(project: Project, run: RunId, frame: Parameters<typeof saveFrame>[2]): number {
  return writing(project, () => {
    prepare(project, removeOfStage).run(run, frame.stage);
    return saveFrame(project, run, frame);
  });
}

/** A run's film without its pictures, from the first frame. **Throws** as `reading`. */
export function listFrames(project: ProjectReader, run: RunId): readonly RunFrame[] {
  return reading(project, () => prepare<[RunId], FrameRow>(project, selectAll).all(run).map(toFrame));
}

/** The picture of a frame; undefined where there is none or its bytes have changed on the disk. **Throws** as `reading`. */
export function loadFrame(project: ProjectReader, run: RunId, sequence: number): Uint8Array | undefined {
  const row = reading(project, () => prepare<[RunId, number], PictureRow>(project, selectPicture).get(run, sequence));
  return row !== undefined && sha256(row.picture) === row.sha256 ? row.picture : undefined;
}

/** Forgets the frames between two sequence numbers, neither included. **Throws** as `writing`. */
export function removeFramesBetween(project: Project, run: RunId, after: number, before: number): void {
  writing(project, () => prepare(project, removeBetween).run(run, after, before));
}

function toFrame(row: FrameRow): RunFrame {
  return { sequence: row.sequence, stage: row.stage, madeAt: row.made_at };
}
