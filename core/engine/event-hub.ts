import { randomBytes } from 'node:crypto';
import type { DoorEvent } from '../contract/door-events.ts';

/** An event as it waits to be read: its number, what it is about, and its JSON. */
export interface KeptEvent {
  readonly number: number;
  readonly project: string | null;
  readonly name: DoorEvent['event'];
  readonly json: string;
}

/** How much is kept for those who come back. */
export interface HubLimits {
  readonly events: number;
  readonly bytes: number;
}

/** Tells everyone who listens what happens, and keeps the latest events for those who were away. */
export interface EventHub {
  /** Tells an event; gives its id. */
  readonly publish: (event: DoorEvent) => string;
  /** The number of the latest event, where a new listener begins. */
  readonly latest: () => number;
  /** The id of a number, as clients see it. */
  readonly idOf: (number: number) => string;
  /** The number of an id; undefined when it is not one of this engine's. */
  readonly numberOf: (id: string) => number | undefined;
  /** Events after a number, oldest first, at most `atMost`; undefined when some of them are no longer kept. */
  readonly after: (number: number, atMost?: number) => readonly KeptEvent[] | undefined;
  /** Calls back when there is something new; gives the function that ends it. Listeners read at their own pace. */
  readonly onChange: (listener: () => void) => () => void;
}

/** 10,000 events or 8 MB, whichever comes first: minutes of a busy run. */
const defaults: HubLimits = { events: 10_000, bytes: 8 * 2 ** 20 };

/**
 * Makes a hub. Ids are `EPOCH-N`: an epoch drawn at the start, so that an id of an earlier engine is never taken for one
 * of this, and a number that grows. Of the progress of a run only the latest is kept.
 */
export function createEventHub(limits: HubLimits = defaults): EventHub {
  const epoch = randomBytes(6).toString('hex');
  const kept = new Map<number, KeptEvent>();
  const progress = new Map<string, number>();
  const listeners = new Set<() => void>();
  let latest = 0;
  let lost = 0;
  let bytes = 0;

  function forget(number: number): void {
    const event = kept.get(number);
    if (event === undefined) return;
    kept.delete(number);
    bytes -= event.json.length;
  }

  function makeRoom(): void {
    for (const number of kept.keys()) {
      if (kept.size <= limits.events && bytes <= limits.bytes) return;
      forget(number);
      lost = number;
    }
  }

  return {
    publish: (event) => {
      latest += 1;
      if (event.event === 'run-progress') {
        const run = `${event.project}/${event.run}`;
        forget(progress.get(run) ?? 0);
        progress.set(run, latest);
      }
      if (event.event === 'run-changed' && event.run.finishedAt !== null)
        progress.delete(`${event.project}/${event.run.id}`);
      const project = 'project' in event ? event.project : null;
      const json = JSON.stringify(event);
      kept.set(latest, { number: latest, project, name: event.event, json });
      bytes += json.length;
      makeRoom();
      for (const listener of listeners) listener();
      return `${epoch}-${latest}`;
    },
    latest: () => latest,
    idOf: (number) => `${epoch}-${number}`,
    numberOf: (id) => {
      const [, found, digits] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(id) ?? [];
      const number = Number(digits);
      return found === epoch && number <= latest ? number : undefined;
    },
    after: (number, atMost = Infinity) => {
      if (number < lost) return undefined;
      const found: KeptEvent[] = [];
      for (const event of kept.values()) {
        if (event.number > number) found.push(event);
        if (found.length >= atMost) break;
      }
      return found;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
