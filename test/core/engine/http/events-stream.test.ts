import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DoorEvent } from '../../../../core/contract/door-events.ts';
import { subscribe } from '../../../../core/contract/subscription.ts';
import { createEventHub } from '../../../../core/engine/event-hub.ts';
import { createEventStreams } from '../../../../core/engine/http/events-stream.ts';
import { openDoor } from '../../../support/door.ts';
import { engineWorld } from '../../../support/engine-world.ts';

const note = (message: string, project: string | null = null): DoorEvent => ({
  event: 'note',
  project,
  level: 'info',
  message,
});

describe('events over a real connection', () => {
  it('miss nothing though the connection is lost again and again', async () => {
    const { engine } = engineWorld();
    const door = await openDoor(engine);
    const over = new AbortController();
    let connection = new AbortController();
    let connections = 0;
    const seen: string[] = [];
    const listening = (async () => {
      const events = subscribe<AbortSignal>({
        signal: over.signal,
        wait: (milliseconds, signal) => wait(Math.min(milliseconds, 20), undefined, { signal }),
        open: async (after, signal) => {
          connection = new AbortController();
          connections += 1;
          const answer = await fetch(`http://127.0.0.1:${door.port}/api/events`, {
            headers: {
              Authorization: `Bearer ${door.token}`,
              ...(after === undefined ? {} : { 'Last-Event-ID': after }),
            },
            signal: AbortSignal.any([signal, connection.signal]),
          });
          return (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream());
        },
      });
      for await (const { event } of events) if (event.event === 'note') seen.push(event.message);
    })();
    // What counts begins when the client has seen a first event: from there on it has an id to come back with.
    while (!seen.includes('begin')) {
      engine.hub.publish(note('begin'));
      await wait(20);
    }
    const isFigure = (message: string) => message !== 'begin';
    const said: string[] = [];
    for (let n = 0; n < 300; n += 1) {
      engine.hub.publish(note(String(n)));
      said.push(String(n));
      if (n % 37 === 36) connection.abort();
      await wait(2);
    }
    while (seen.filter(isFigure).length < said.length) await wait(10);
    over.abort();
    await listening;
    expect(seen.filter(isFigure)).toEqual(said);
    expect(connections).toBeGreaterThan(5);
  });

  it('stop when the client goes, so that it no longer counts', async () => {
    const { engine } = engineWorld();
    const door = await openDoor(engine);
    const headers = { Authorization: `Bearer ${door.token}` };
    for (let n = 0; n < 80; n += 1) {
      const gone = new AbortController();
      const answer = await fetch(`http://127.0.0.1:${door.port}/api/events`, { headers, signal: gone.signal });
      expect(answer.status).toBe(200);
      gone.abort();
      await wait(5);
    }
  });
});

describe('a stream of events', () => {
  const text = async (stream: Response, until: string) => {
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let found = '';
    while (!found.includes(until)) found += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    return found;
  };
  const signal = new AbortController().signal;

  it('says reset to those who were away too long, and to those of an earlier start', async () => {
    const hub = createEventHub({ events: 2, bytes: 1e6 });
    const first = hub.publish(note('0'));
    for (let n = 1; n < 9; n += 1) hub.publish(note(String(n)));
    const open = createEventStreams(hub);
    expect(await text(open({ lastId: first, signal }), 'reset')).toContain(`id: ${hub.idOf(9)}`);
    expect(await text(open({ after: '0123456789ab-3', signal }), 'reset')).toContain('"event":"reset"');
  });

  it('tells of one project and of the program where one is named', async () => {
    const hub = createEventHub();
    const start = hub.idOf(0);
    hub.publish(note('mine', 'a'));
    hub.publish(note('theirs', 'b'));
    hub.publish(note('everyone'));
    const found = await text(createEventStreams(hub)({ project: 'a', lastId: start, signal }), 'everyone');
    expect(found).toContain('mine');
    expect(found).not.toContain('theirs');
  });

  it('holds nothing for a client that does not read', async () => {
    const hub = createEventHub({ events: 10, bytes: 1e6 });
    const stream = createEventStreams(hub)({ signal });
    for (let n = 0; n < 1000; n += 1) hub.publish(note(String(n)));
    await wait(20);
    expect((await text(stream, 'reset')).length).toBeLessThan(2000);
  });

  it('refuses more listeners than it can serve', () => {
    const open = createEventStreams(createEventHub());
    for (let n = 0; n < 64; n += 1) open({ signal });
    expect(() => open({ signal })).toThrow('64 listeners');
  });
});
