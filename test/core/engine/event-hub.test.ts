import { describe, expect, it } from 'vitest';
import type { DoorEvent } from '../../../core/contract/door-events.ts';
import { createEventHub } from '../../../core/engine/event-hub.ts';

const note = (message: string): DoorEvent => ({ event: 'note', project: null, level: 'info', message });
const progress = (run: string, done: number): DoorEvent => ({
  event: 'run-progress',
  project: 'p',
  run,
  progress: { phase: 'train', done, total: 10, secondsLeft: null },
});

describe('the event hub', () => {
  it('gives those who come back everything after what they saw', () => {
    const hub = createEventHub();
    const first = hub.publish(note('one'));
    hub.publish(note('two'));
    hub.publish(note('three'));
    const seen = hub.numberOf(first);
    expect(seen).toBe(1);
    expect(hub.after(seen ?? 0)?.map(({ json }) => (JSON.parse(json) as { message: string }).message)).toEqual([
      'two',
      'three',
    ]);
    expect(hub.after(hub.latest())).toEqual([]);
  });

  it('says when something that was missed is no longer kept', () => {
    const hub = createEventHub({ events: 3, bytes: 1e6 });
    for (let n = 0; n < 5; n += 1) hub.publish(note(String(n)));
    expect(hub.after(1)).toBeUndefined();
    expect(hub.after(2)).toHaveLength(3);
  });

  it('keeps no more bytes than it may', () => {
    const hub = createEventHub({ events: 1000, bytes: 10_000 });
    for (let n = 0; n < 100; n += 1) hub.publish(note('x'.repeat(1000)));
    expect(hub.after(hub.latest() - 9)?.length).toBe(9);
    expect(hub.after(50)).toBeUndefined();
  });

  it('keeps of the progress of a run only the latest, and loses nothing by that', () => {
    const hub = createEventHub({ events: 5, bytes: 1e6 });
    hub.publish(note('start'));
    for (let n = 0; n < 1000; n += 1) {
      hub.publish(progress('a', n));
      hub.publish(progress('b', n));
    }
    const kept = hub.after(0);
    expect(kept?.map(({ name }) => name)).toEqual(['note', 'run-progress', 'run-progress']);
    expect(kept?.at(-1)?.json).toContain('"done":999');
  });

  it('takes no id of an earlier engine, of the future, or of nobody', () => {
    const hub = createEventHub();
    const id = hub.publish(note('one'));
    expect(createEventHub().numberOf(id)).toBeUndefined();
    for (const wrong of [id.replace('-1', '-2'), '', '-1', `${id}x`, '__proto__', `${id.split('-')[0]}--1`])
      expect(hub.numberOf(wrong)).toBeUndefined();
  });
});
