import type { PauseSwitch } from '../../compute/supervisor/pause.ts';
import { createPauseSwitch } from '../../compute/supervisor/pause.ts';

/** Runs that do not stand in each other's way: files are read in beside what learns. */
export type Lane = 'import' | 'run';

/** What a run is given while it is performed. */
export interface Turn {
  readonly signal: AbortSignal;
  readonly pause: PauseSwitch;
  /** What the row of the run is to say once the signal was aborted. */
  readonly stoppedAs: () => 'cancelled' | 'interrupted';
}

/** A run that waits for its turn, or has it. */
export interface QueuedRun {
  readonly lane: Lane;
  /** Its turn has come. Never rejects: how a run ended stands in its row. */
  readonly perform: (turn: Turn) => Promise<void>;
  /** It was stopped before its turn came. */
  readonly dropped: (as: 'cancelled' | 'interrupted') => void;
}

/** Runs of all open projects, one at a time in each lane; a paused one lets the next begin. */
export interface RunQueue {
  readonly add: (key: string, run: QueuedRun) => void;
  /** Where a run stands; undefined when it is not here (any more). */
  readonly stateOf: (key: string) => 'queued' | 'running' | 'paused' | undefined;
  /** Pauses or goes on; a run that waits and is paused waits longer. Gives whether the run was here. */
  readonly setPaused: (key: string, paused: boolean) => boolean;
  /** Stops a run and fulfils when it has stopped, at once when it is not here. */
  readonly stop: (key: string, as: 'cancelled' | 'interrupted') => Promise<void>;
  /** Fulfils when a run that is being stopped has stopped; at once for every other. */
  readonly settled: (key: string) => Promise<void>;
  /** Stops every run whose key lets it. */
  readonly stopAll: (isMeant?: (key: string) => boolean) => Promise<void>;
}

interface Entry {
  readonly run: QueuedRun;
  readonly controller: AbortController;
  readonly pause: PauseSwitch;
  as: 'cancelled' | 'interrupted';
  /** Since its turn has come. */
  performing?: Promise<void>;
}

/** Makes an empty queue. */
export function createRunQueue(): RunQueue {
  const entries = new Map<string, Entry>();

  function advance(): void {
    for (const lane of ['import', 'run'] as const) {
      const own = [...entries].filter(([, { run }]) => run.lane === lane);
      if (own.some(([, entry]) => entry.performing !== undefined && !entry.pause.paused)) continue;
      const next = own.find(([, entry]) => entry.performing === undefined && !entry.pause.paused);
      if (next !== undefined) begin(...next);
    }
  }

  function begin(key: string, entry: Entry): void {
    const { run, controller, pause } = entry;
    entry.performing = run.perform({ signal: controller.signal, pause, stoppedAs: () => entry.as }).finally(() => {
      entries.delete(key);
      advance();
    });
  }

  async function stop(key: string, as: 'cancelled' | 'interrupted'): Promise<void> {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entry.as = as;
    entry.controller.abort();
    if (entry.performing !== undefined) await entry.performing;
    else {
      entries.delete(key);
      entry.run.dropped(as);
    }
  }

  return {
    add: (key, run) => {
      entries.set(key, { run, controller: new AbortController(), pause: createPauseSwitch(), as: 'interrupted' });
      advance();
    },
    stateOf: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.pause.paused) return 'paused';
      return entry.performing === undefined ? 'queued' : 'running';
    },
    setPaused: (key, paused) => {
      const entry = entries.get(key);
      entry?.pause.set(paused);
      advance();
      return entry !== undefined;
    },
    stop,
    settled: async (key) => {
      const entry = entries.get(key);
      if (entry?.controller.signal.aborted === true) await entry.performing;
    },
    stopAll: async (isMeant = () => true) => {
      await Promise.all([...entries.keys()].filter(isMeant).map((key) => stop(key, 'interrupted')));
    },
  };
}
