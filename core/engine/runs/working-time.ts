/** Counts how long a run works: not while it waits for its turn, is paused or lies interrupted. */
export interface WorkingTime {
  /** Seconds so far. */
  readonly seconds: () => number;
  readonly setWorking: (working: boolean) => void;
}

/**
 * Begins to count, at rest.
 *
 * @param before - seconds that are counted already
 * @param now - milliseconds of a clock that only grows: that of the day may be put forward or back meanwhile
 */
export function createWorkingTime(before = 0, now: () => number = () => performance.now()): WorkingTime {
  let counted = before * 1000;
  let since: number | undefined;
  return {
    seconds: () => (counted + (since === undefined ? 0 : now() - since)) / 1000,
    setWorking: (working) => {
      if (working === (since !== undefined)) return;
      if (since !== undefined) counted += now() - since;
      since = working ? now() : undefined;
    },
  };
}
