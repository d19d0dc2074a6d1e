import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { QueuedRun, Turn } from '../../../../core/engine/runs/run-queue.ts';
import { createRunQueue } from '../../../../core/engine/runs/run-queue.ts';

/** A run that goes on until it is ended or stopped, and what became of it. */
function controlled(lane: QueuedRun['lane'] = 'run') {
  const seen: string[] = [];
  let end: () => void = () => undefined;
  const run: QueuedRun = {
    lane,
    perform: ({ signal, stoppedAs }: Turn) => {
      seen.push('begun');
      return new Promise<void>((resolve) => {
        end = resolve;
        signal.addEventListener('abort', () => {
          seen.push(stoppedAs());
          resolve();
        });
      });
    },
    dropped: (as) => seen.push(`dropped ${as}`),
  };
  return { run, seen, end: () => end() };
}

describe('the queue of runs', () => {
  it('lets one run at a time have its turn in each lane', async () => {
    const queue = createRunQueue();
    const [a, b, c] = [controlled(), controlled(), controlled('import')];
    queue.add('a', a.run);
    queue.add('b', b.run);
    queue.add('c', c.run);
    expect(['a', 'b', 'c', 'd'].map((key) => queue.stateOf(key))).toEqual(['running', 'queued', 'running', undefined]);
    a.end();
    await sleep(1);
    expect(['a', 'b'].map((key) => queue.stateOf(key))).toEqual([undefined, 'running']);
  });

  it('lets the next one begin while one is paused', () => {
    const queue = createRunQueue();
    const [a, b, c] = [controlled(), controlled(), controlled()];
    queue.add('a', a.run);
    queue.add('b', b.run);
    queue.add('c', c.run);
    expect(queue.setPaused('b', true)).toBe(true);
    expect(queue.setPaused('a', true)).toBe(true);
    expect(['a', 'b', 'c'].map((key) => queue.stateOf(key))).toEqual(['paused', 'paused', 'running']);
    queue.setPaused('a', false);
    expect(queue.stateOf('a')).toBe('running');
    expect(b.seen).toEqual([]);
    expect(queue.setPaused('nothing', true)).toBe(false);
  });

  it('stops runs, and says how to those that have begun and those that have not', async () => {
    const queue = createRunQueue();
    const [a, b, c] = [controlled(), controlled(), controlled()];
    queue.add('a', a.run);
    queue.add('b', b.run);
    queue.add('c', c.run);
    await queue.stop('b', 'cancelled');
    await queue.stop('a', 'cancelled');
    await queue.stopAll((key) => key !== 'a');
    await queue.stopAll();
    expect([a.seen, b.seen, c.seen]).toEqual([['begun', 'cancelled'], ['dropped cancelled'], ['begun', 'interrupted']]);
    await queue.stop('a', 'cancelled');
  });
});
