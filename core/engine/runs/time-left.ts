/** What a phase of a run says of itself. */
export interface PhaseProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** Tells how long a phase of a run will still take. */
export interface TimeLeft {
  /** Seconds left of the phase; null while too little is known. `now` in milliseconds of a clock that only grows. */
  readonly at: (progress: PhaseProgress, now: number) => number | null;
  /** Work goes on after a pause: the time until now does not count. */
  readonly restart: () => void;
}

/** A phase says nothing about its pace before it has gone on for so long, in milliseconds. */
const leastTime = 1000;

/** How much of what was known of the pace still counts after so many milliseconds. */
const memory = 20_000;

/** Follows the phases of one run; a pace that changes is noticed, as what happened long ago counts less and less. */
export function createTimeLeft(): TimeLeft {
  let phase: string | undefined;
  let started = 0;
  let last = { done: 0, now: 0 };
  let pace = { done: 0, milliseconds: 0 };
  const begin = (progress: PhaseProgress, now: number): null => {
    phase = progress.phase;
    started = now;
    last = { done: progress.done, now };
    pace = { done: 0, milliseconds: 0 };
    return null;
  };
  return {
    at: (progress, now) => {
      const { done, total } = progress;
      if (progress.phase !== phase || done < last.done) return begin(progress, now);
      const kept = Math.exp(-(now - last.now) / memory);
      pace = {
        done: pace.done * kept + (done - last.done),
        milliseconds: pace.milliseconds * kept + (now - last.now),
      };
      last = { done, now };
      if (total <= 0 || pace.done <= 0 || now - started < leastTime) return null;
      return ((Math.max(0, total - done) / pace.done) * pace.milliseconds) / 1000;
    },
    restart: () => {
      phase = undefined;
    },
  };
}
