import { messageWindow } from '../protocol.ts';

/** Decides when a job may be asked for more: not while it is paused, nor while too much of what it said waits. */
export interface Flow {
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly sent: () => void;
  readonly taken: (count: number) => void;
  /** Fulfils when the job may go on. **Throws** the signal's reason. */
  readonly mayGoOn: (signal: AbortSignal) => Promise<void>;
}

/** A flow that is open. */
export function createFlow(): Flow {
  let paused = false;
  let waiting = 0;
  const listeners = new Set<() => void>();
  const isOpen = () => !paused && waiting < messageWindow;
  const look = () => {
    if (isOpen()) for (const listener of [...listeners]) listener();
  };
  return {
    pause: () => {
      paused = true;
    },
    goOn: () => {
      paused = false;
      look();
    },
    sent: () => {
      waiting += 1;
    },
    taken: (count) => {
      waiting -= count;
      look();
    },
    mayGoOn: async (signal) => {
      signal.throwIfAborted();
      if (isOpen()) return;
      await new Promise<void>((fulfil) => {
        const end = () => {
          listeners.delete(end);
          signal.removeEventListener('abort', end);
          fulfil();
        };
        listeners.add(end);
        signal.addEventListener('abort', end);
      });
      signal.throwIfAborted();
    },
  };
}
