import type { FrameMessage } from '../compute/job.ts';
import type { SupervisedMessage } from '../compute/supervisor/messages.ts';
import type { EngineMessage } from '../contract/events.ts';
import { saveCheckpoint } from '../store/checkpoints.ts';
import { writing, type Project } from '../store/database.ts';
import type { RunId } from '../store/ids.ts';
import { endRun, restartRun } from '../store/runs.ts';
import { markFilm, rewindFilm } from './runs/run-pictures.ts';
import { toEngineMessage } from './use-case.ts';

/** The row of a run has changed its status. */
export interface StatusMessage {
  readonly event: 'status';
  readonly status: 'running' | 'interrupted';
  /** Why it is interrupted. */
  readonly reason?: string;
}

/** What is told of a run while it goes on. */
export type RunEvent = EngineMessage | FrameMessage | StatusMessage;

/**
 * Writes down what a run says as it says it: states to go on from, its status when a worker dies and when another goes
 * on. What is passed on has been written before. **Throws** what the messages throw, and as `writing`.
 */
export async function* journalRun<Result>(
  project: Project,
  run: RunId,
  messages: AsyncGenerator<SupervisedMessage, Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    for (;;) {
      const next = await messages.next();
      if (next.done === true) return next.value;
      const message = next.value;
      if (message.event === 'checkpoint') {
        keepState(project, run, message.stage, message.bytes);
      } else if (message.event === 'interrupted') {
        endRun(project, run, { status: 'interrupted', finishedAt: Date.now() });
        yield { event: 'status', status: 'interrupted', reason: message.reason };
      } else if (message.event === 'resumed') {
        writing(project, () => {
          restartRun(project, run);
          rewindFilm(project, run);
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

/* One transaction: a mark without its state, or a state without its mark, would cut the film elsewhere than the run goes on. */
function keepState(project: Project, run: RunId, stage: string, state: Uint8Array): void {
  writing(project, () => {
    saveCheckpoint(project, run, stage, state);
    markFilm(project, run);
  });
}
