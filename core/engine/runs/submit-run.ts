import { CongealError } from '../../contract/errors.ts';
import type { Project } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import { endRun, findRun, restartRun } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import type { RunEvent } from '../run-journal.ts';
import { followRun } from './follow-run.ts';
import { keyOfRun } from './live-runs.ts';
import type { Lane, Turn } from './run-queue.ts';
import { viewRun } from './view-run.ts';

/** What a run is given to be performed with. */
export interface WorkingTurn extends Turn {
  /** Takes everything that is to be shown of the run. */
  readonly tell: (event: RunEvent) => void;
}

/** How a run is performed. */
export interface RunWork {
  readonly lane: Lane;
  /** The image of a file's name in the run, as doors know it; null for one that is no image of the project. */
  readonly imageOf: (file: string) => string | null;
  /** Does the work and ends the row as `done`; what it throws is noted on the row unless it has noted that itself. */
  readonly perform: (turn: WorkingTurn) => Promise<unknown>;
  /** Tells what else has changed once the run is done. */
  readonly done?: () => void;
}

/** Puts a run, whose row stands as `queued`, into the queue. Everything that becomes of it is told and stands in its row. */
export function submitRun(engine: Engine, open: OpenProject, run: RunId, work: RunWork): void {
  const project = writable(open);
  const key = keyOfRun(open.id, run);
  const changed = () => publishRun(engine, open, run);
  const { imageOf } = work;
  const publish = (event: Parameters<Engine['hub']['publish']>[0]) => void engine.hub.publish(event);
  const follower = followRun({ id: open.id, project, run, publish, changed, imageOf });
  engine.runs.byKey.set(key, follower.live);
  const left = (): void => {
    if (engine.runs.byKey.get(key) === follower.live) engine.runs.byKey.delete(key);
    changed();
  };
  engine.runs.queue.add(key, {
    lane: work.lane,
    dropped: (as) => {
      endRun(project, run, { status: as, finishedAt: Date.now() });
      left();
    },
    perform: async (turn) => {
      const unwatch = turn.pause.watch(follower.paused);
      try {
        restartRun(project, run);
        changed();
        await work.perform({ ...turn, tell: follower.tell });
        follower.flush();
        work.done?.();
      } catch (error) {
        noteEnd(engine, project, run, { error, turn, flush: follower.flush });
      } finally {
        unwatch();
        left();
      }
    },
  });
}

/** Tells what a run's row says now. */
export function publishRun(engine: Engine, open: OpenProject, run: RunId): void {
  const row = findRun(open.reader, run);
  if (row !== undefined)
    engine.hub.publish({ event: 'run-changed', project: open.id, run: viewRun(engine, open, row) });
}

interface Ended {
  readonly error: unknown;
  readonly turn: Turn;
  readonly flush: () => void;
}

/** A disk that refuses even this leaves the row as it is: whoever opens the project next finds the run abandoned. */
function noteEnd({ log }: Engine, project: Project, run: RunId, { error, turn, flush }: Ended): void {
  const known = error instanceof CongealError;
  if (!known && !turn.signal.aborted)
    log.error({ run, error: String(error) }, 'A run failed for a reason that is a bug');
  try {
    flush();
    const status = findRun(project, run)?.status;
    if (status !== 'running' && status !== 'paused') return;
    const finishedAt = Date.now();
    if (turn.signal.aborted) {
      endRun(project, run, { status: turn.stoppedAs(), finishedAt });
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    endRun(project, run, { status: 'failed', finishedAt, failure: { code: known ? error.code : 'internal', reason } });
  } catch (second) {
    log.error({ run, error: String(second) }, 'How a run ended could not be written down');
  }
}
