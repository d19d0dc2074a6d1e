import { prepare, reading, writing, type Project, type ProjectReader } from './database.ts';
import type { RunId } from './ids.ts';
import { sha256 } from './sha256.ts';

/** A state from which a run can go on. `sequence` counts a run's checkpoints from 1. */
export interface StoredCheckpoint {
  readonly sequence: number;
  readonly stage: string;
  readonly state: Uint8Array;
}

interface CheckpointRow extends StoredCheckpoint {
  readonly sha256: string;
}

const selectLatest = `SELECT sequence, stage, state, sha256 FROM checkpoint WHERE run_id = ? ORDER BY sequence DESC`;
const selectLast = 'SELECT max(sequence) AS last FROM checkpoint WHERE run_id = ?';
const insertOne = 'INSERT INTO checkpoint (run_id, sequence, stage, state, sha256) VALUES (?, ?, ?, ?, ?)';
const removeOld = 'DELETE FROM checkpoint WHERE run_id = ? AND sequence < ?';
const removeAll = 'DELETE FROM checkpoint WHERE run_id = ?';
const stageRun = 'UPDATE run SET stage = ? WHERE id = ?';

/**
 * Keeps a run's newest state and the one before it, and notes the stage on the run. Gives the checkpoint's sequence
 * number. **Throws** as `writing`.
 */
export function saveCheckpoint(project: Project, run: RunId, stage: string, state: Uint8Array): number {
  const sum = sha256(state);
  return writing(project, () => {
    const last = prepare<[RunId], { last: number | null }>(project, selectLast).get(run)?.last ?? 0;
    const sequence = last + 1;
    prepare(project, insertOne).run(run, sequence, stage, state, sum);
    prepare(project, removeOld).run(run, sequence - 1);
    prepare(project, stageRun).run(stage, run);
    return sequence;
  });
}

/**
 * The newest state of a run whose bytes are what was saved: where the last one is damaged, the one before. Undefined
 * where there is none. **Throws** as `reading`.
 */
export function loadCheckpoint(project: ProjectReader, run: RunId): StoredCheckpoint | undefined {
  return reading(project, () => {
    for (const row of prepare<[RunId], CheckpointRow>(project, selectLatest).iterate(run)) {
      if (sha256(row.state) === row.sha256) return toCheckpoint(row);
    }
    return undefined;
  });
}

/** Forgets a run's states, within the caller's transaction or its own. **Throws** as `writing`. */
export function removeCheckpoints(project: Project, run: RunId): void {
  writing(project, () => prepare(project, removeAll).run(run));
}

function toCheckpoint({ sequence, stage, state }: CheckpointRow): StoredCheckpoint {
  return { sequence, stage, state };
}
