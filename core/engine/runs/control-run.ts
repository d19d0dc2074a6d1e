import { CongealError } from '../../contract/errors.ts';
import type { RunId } from '../../store/ids.ts';
import type { Run } from '../../store/runs.ts';
import { endRun, findRun, removeRun, setRunStatus } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import { discardExport } from '../exports/export-work.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import { noSuch } from '../row-ids.ts';
import { keyOfRun } from './live-runs.ts';
import { publishRun, submitRun } from './submit-run.ts';
import { workOf } from './work-of-run.ts';

/** Holds a run where it is; pausing it again does nothing. **Throws** CongealError `conflict` when it does not go on. */
export function pauseRun(engine: Engine, open: OpenProject, run: Run): Run {
  const key = keyOfRun(open.id, run.id);
  if (!engine.runs.queue.setPaused(key, true)) throw notGoingOn(run, 'paused');
  setRunStatus(writable(open), run.id, 'paused');
  return changed(engine, open, run.id);
}

/**
 * Lets a paused run go on, or takes one up again that was interrupted, cancelled or failed: from its last state, to the
 * same result. One that is just being stopped has stopped first.
 *
 * **Throws** CongealError `conflict` for a run that is done, `unsupported` for one that cannot be gone on with.
 */
export async function resumeRun(engine: Engine, open: OpenProject, { id }: Run): Promise<Run> {
  const key = keyOfRun(open.id, id);
  const { queue } = engine.runs;
  await queue.settled(key);
  const run = rowOf(open, id);
  if (queue.stateOf(key) === 'paused') {
    queue.setPaused(key, false);
    const state = queue.stateOf(key);
    if (state === 'queued' || state === 'running') setRunStatus(writable(open), run.id, state);
  } else if (queue.stateOf(key) === undefined) {
    if (run.status === 'done') throw new CongealError('conflict', 'This run is done; nothing is left to go on with.');
    const work = workOf(engine, open, run);
    setRunStatus(writable(open), run.id, 'queued');
    submitRun(engine, open, run.id, work);
  }
  return changed(engine, open, run.id);
}

/** Stops a run; it has stopped when this fulfils. Stopping it again does nothing. **Throws** `conflict` when it is done. */
export async function cancelRun(engine: Engine, open: OpenProject, run: Run): Promise<Run> {
  const key = keyOfRun(open.id, run.id);
  if (engine.runs.queue.stateOf(key) !== undefined) await engine.runs.queue.stop(key, 'cancelled');
  else if (run.status === 'done' || run.status === 'failed') throw notGoingOn(run, 'cancelled');
  else if (run.status !== 'cancelled') {
    await discardExport(open, run);
    endRun(writable(open), run.id, { status: 'cancelled', finishedAt: Date.now() });
    engine.runs.unwritten.delete(key);
  }
  return changed(engine, open, run.id);
}

/** Forgets a run with everything that it left. **Throws** CongealError `conflict` while it waits or goes on. */
export async function deleteRun(engine: Engine, open: OpenProject, run: Run): Promise<void> {
  if (engine.runs.queue.stateOf(keyOfRun(open.id, run.id)) !== undefined)
    throw new CongealError('conflict', 'This run is going on; cancel it first.', { details: { run: String(run.id) } });
  await discardExport(open, run);
  removeRun(writable(open), run.id);
  engine.hub.publish({ event: 'transforms-changed', project: open.id, run: String(run.id), images: null });
}

function changed(engine: Engine, open: OpenProject, id: RunId): Run {
  publishRun(engine, open, id);
  return rowOf(open, id);
}

function rowOf(open: OpenProject, id: RunId): Run {
  const run = findRun(open.reader, id);
  if (run === undefined) throw noSuch('run', String(id));
  return run;
}

function notGoingOn({ id, status }: Run, what: string): CongealError {
  return new CongealError('conflict', `This run is ${status}, so it cannot be ${what}.`, {
    details: { run: String(id), status },
  });
}
