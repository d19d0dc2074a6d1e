/** A switch that holds a job where it is, and lets it go on. */
export interface PauseSwitch {
  readonly paused: boolean;
  readonly set: (paused: boolean) => void;
  /** Tells of every change; returns the end of the subscription. */
  readonly watch: (listener: (paused: boolean) => void) => () => void;
}

/** A switch that does not hold. */
export function createPauseSwitch(): PauseSwitch {
  let paused = false;
  const listeners = new Set<(paused: boolean) => void>();
  return {
    get paused() {
      return paused;
    },
    set: (value) => {
      if (value === paused) return;
      paused = value;
      for (const listener of [...listeners]) listener(value);
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
