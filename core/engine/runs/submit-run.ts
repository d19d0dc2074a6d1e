import { CongealError } from '../../contract/errors.ts';
import type { Project } from '../../store/database.ts';
import type { RunId } from '../../store/ids.ts';
import type { RunEnd } from '../../store/runs.ts';
import { endRun, findRun, restartRun } from '../../store/runs.ts';
import type { Engine } from '../engine.ts';
import type { OpenProject } from '../open-projects.ts';
import { writable } from '../open-projects.ts';
import type { RunEvent } from '../run-journal.ts';
import { followRun } from './follow-run.ts';
import { keptProgress } from './kept-progress.ts';
import { keyOfRun } from './live-runs.ts';
import type { Lane, Turn } from './run-queue.ts';
import { viewRun } from './view-run.ts';

/** What a run is given to be performed with. */
export interface WorkingTurn extends Turn {
  /** Takes everything that is to be shown of the run. */
  readonly tell: (event: RunEvent) => void;
  /** Writes down what was told and is still held back. */
  readonly writeHeld: () => void;
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
  const row = findRun(project, run);
  const before = row === undefined ? null : keptProgress(row);
  const follower = followRun({ id: open.id, project, run, before, publish, changed, imageOf });
  const ending: Ending = { engine, project, run, key };
  engine.runs.byKey.set(key, follower.live);
  engine.runs.unwritten.delete(key);
  const left = (): void => {
    if (engine.runs.byKey.get(key) === follower.live) engine.runs.byKey.delete(key);
    changed();
  };
  engine.runs.queue.add(key, {
    lane: work.lane,
    dropped: (as) => {
      writeEnd(ending, { status: as, finishedAt: Date.now() });
      left();
    },
    perform: async (turn) => {
      const unwatch = turn.pause.watch((paused) => {
        follower.setWorking(!paused);
      });
      try {
        restartRun(project, run);
        follower.setWorking(true);
        changed();
        await work.perform({ ...turn, tell: follower.tell, writeHeld: follower.flush });
        work.done?.();
        follower.setWorking(false);
        follower.flush();
      } catch (error) {
        noteEnd(ending, { error, turn, flush: follower.flush });
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

interface Ending {
  readonly engine: Engine;
  readonly project: Project;
  readonly run: RunId;
  readonly key: string;
}

interface Ended {
  readonly error: unknown;
  readonly turn: Turn;
  readonly flush: () => void;
}

/** Notes how a run ended that did not complete, unless whoever performed it has noted that. */
function noteEnd(ending: Ending, { error, turn, flush }: Ended): void {
  const { engine, project, run } = ending;
  const known = error instanceof CongealError;
  if (!known && !turn.signal.aborted)
    engine.log.error({ run, error: String(error) }, 'A run failed for a reason that is a bug');
  try {
    flush();
  } catch (second) {
    engine.log.error({ run, error: String(second) }, 'How far a run came could not be written down');
  }
  // A run whose worker has died stands as interrupted while it waits for another one.
  if (!['queued', 'running', 'paused', 'interrupted'].includes(findRun(project, run)?.status ?? '')) return;
  const finishedAt = Date.now();
  if (turn.signal.aborted) {
    writeEnd(ending, { status: turn.stoppedAs(), finishedAt });
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  writeEnd(ending, { status: 'failed', finishedAt, failure: { code: known ? error.code : 'internal', reason } });
}

/** A disk that refuses even this leaves the row as it is; until the project is opened again it is known here. */
function writeEnd({ engine, project, run, key }: Ending, end: RunEnd): void {
  try {
    endRun(project, run, end);
  } catch (error) {
    engine.runs.unwritten.set(key, end);
    engine.log.error({ run, error: String(error) }, 'How a run ended could not be written down');
  }
}
