import { CongealError } from '../../contract/errors.ts';
import type { EventHub, KeptEvent } from '../event-hub.ts';

/** What a listener wants to hear. */
export interface Listening {
  readonly project?: string | undefined;
  /** The id that the client saw last, from its header or else from its address; undefined for one that begins now. */
  readonly lastId?: string | undefined;
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

/** How often a stream that has nothing to say shows that it lives, in milliseconds. */
const heartbeat = 15_000;
/** The shortest pause between two batches, in milliseconds; meanwhile the latest progress replaces earlier progress. */
const breath = 50;
const batch = 200;
const atMostListeners = 64;

/** Makes streams of server-sent events from a hub. */
export function createEventStreams(hub: EventHub): (listening: Listening) => Response {
  let listeners = 0;
  return (listening) => {
    if (listeners >= atMostListeners)
      throw new CongealError('too-many', `Already ${listeners} listeners; close some windows of this program.`);
    listeners += 1;
    listening.signal.addEventListener('abort', () => (listeners -= 1), { once: true });
    const lastId = listening.lastId ?? listening.after;
    const latest = hub.latest();
    const texts = eventTexts(hub, listening, lastId === undefined ? latest : hub.numberOf(lastId), latest);
    const encoder = new TextEncoder();
    // Pulled, not pushed: a client that reads slowly makes the stream wait, and what it missed is read from the hub.
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const next = await texts.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
      cancel: async () => {
        await texts.return(undefined);
      },
    });
    return new Response(stream, {
      headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  };
}

async function* eventTexts(
  hub: EventHub,
  { project, signal }: Listening,
  seen: number | undefined,
  latest: number,
): AsyncGenerator<string, undefined> {
  let position = seen ?? latest;
  yield `retry: 1000\nid: ${hub.idOf(position)}\n\n`;
  if (seen === undefined) yield reset(hub.idOf(position), 'These events are of an earlier start of the engine.');
  while (!signal.aborted) {
    const events = hub.after(position, batch);
    if (events === undefined) {
      position = hub.latest();
      yield reset(hub.idOf(position), 'The events that were missed are no longer kept.');
    } else if (events.length > 0) {
      position = events[events.length - 1].number;
      const text = events
        .filter((event) => isFor(event, project))
        .map((event) => write(hub, event))
        .join('');
      if (text !== '') yield text;
      await pause(breath, signal);
    } else if (!(await change(hub, position, signal))) yield ': still here\n\n';
  }
  return undefined;
}

function isFor(event: KeptEvent, project: string | undefined): boolean {
  return project === undefined || event.project === null || event.project === project;
}

function write(hub: EventHub, { number, json }: KeptEvent): string {
  return `id: ${hub.idOf(number)}\ndata: ${json}\n\n`;
}

function reset(id: string, reason: string): string {
  return `id: ${id}\ndata: ${JSON.stringify({ event: 'reset', reason })}\n\n`;
}

/** Waits until the hub has something new; false when it was time for a heartbeat instead. */
async function change(hub: EventHub, position: number, signal: AbortSignal): Promise<boolean> {
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  const off = hub.onChange(stop);
  signal.addEventListener('abort', stop, { once: true });
  if (hub.latest() > position || signal.aborted) stop();
  await pause(heartbeat, waiting.signal);
  off();
  signal.removeEventListener('abort', stop);
  return waiting.signal.aborted;
}

/** Waits; an aborted signal ends the wait. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
