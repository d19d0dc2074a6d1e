import type { ProgressMessage } from '../../contract/events.ts';
import type { JobMessage } from '../job.ts';

/** Says again how far a job has come where it has nothing new to say: who waits sees that it goes on. */
export interface StillHere {
  /** Notes what the job says itself. */
  readonly said: (message: JobMessage) => void;
  readonly end: () => void;
}

/** A job is never silent for longer than this and one look, in milliseconds, unless native code holds the process. */
const longestSilence = 300;
const lookEvery = 50;

/**
 * Repeats a job's last progress whenever it has been silent for a while. The timer only fires while the process takes its
 * turns, so that a job that hangs is silent.
 *
 * @param tell - called with the progress; not called while `mayTell` says no
 */
export function createStillHere(mayTell: () => boolean, tell: (message: ProgressMessage) => void): StillHere {
  let last: ProgressMessage = { event: 'progress', phase: 'prepare', done: 0, total: 0 };
  let at = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - at < longestSilence || !mayTell()) return;
    at = performance.now();
    tell(last);
  }, lookEvery);
  return {
    said: (message) => {
      if (message.event !== 'progress') return;
      last = message;
      at = performance.now();
    },
    end: () => {
      clearInterval(timer);
    },
  };
}
