import type { FrameMessage } from '../compute/job.ts';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import type { EngineMessage } from '../contract/events.ts';
import { removeCheckpoints, saveCheckpoint } from '../store/checkpoints.ts';
import { writing, type Project } from '../store/database.ts';
import type { RunId } from '../store/ids.ts';
import { endRun, restartRun } from '../store/runs.ts';
import { markRun, rewindRun } from './runs/run-marks.ts';
import { toEngineMessage } from './use-case.ts';

/** The row of a run has changed its status. */
export interface StatusMessage {
  readonly event: 'status';
  readonly status: 'running' | 'interrupted';
  /** Why it is interrupted. */
  readonly reason?: string;
}

/** The job whose states a run goes on from. */
export interface Learner {
  /** Writes what was told and is still held back. */
  readonly writeHeld?: (() => void) | undefined;
}

/** What is told of a run while it goes on. */
export type RunEvent = EngineMessage | FrameMessage | StatusMessage;

/**
 * Writes down what a run says as it says it: states to go on from, its status when a worker dies and when another goes
 * on. What is passed on has been written before. **Throws** what the messages throw, and as `writing`.
 *
 * @param learner - given for the job that a run goes on with: each state is kept in one transaction with what was told
 * before it, and what it tells again after a death is taken back
 */
export async function* journalRun<Result>(
  project: Project,
  run: RunId,
  messages: AsyncGenerator<SupervisedMessage, Result>,
  learner?: Learner,
): AsyncGenerator<RunEvent, Result> {
  try {
    for (;;) {
      const next = await messages.next();
      if (next.done === true) return next.value;
      const message = next.value;
      if (message.event === 'checkpoint') {
        const { stage, bytes } = message;
        // One transaction: a mark without its state would take back something else than comes again.
        writing(project, () => {
          learner?.writeHeld?.();
          saveCheckpoint(project, run, stage, bytes);
          markRun(project, run);
        });
      } else if (message.event === 'interrupted') {
        const { quarantined } = message;
        writing(project, () => {
          endRun(project, run, { status: 'interrupted', finishedAt: Date.now() });
          // No run can go on from a state that was made with an image that is left out from now on.
          if (quarantined.length > 0) removeCheckpoints(project, run);
        });
        yield { event: 'status', status: 'interrupted', reason: message.reason };
      } else if (message.event === 'resumed') {
        writing(project, () => {
          restartRun(project, run);
          if (learner !== undefined) rewindRun(project, run);
        });
        yield { event: 'status', status: 'running' };
      }
      const shown = message.event === 'frame' ? message : toEngineMessage(message);
      if (shown !== undefined) yield shown;
    }
  } finally {
    // What could not be written down ends the work as well.
    await messages.return(undefined as Result);
  }
}
