import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stillGoing } from '../../../core/cli/still-going.ts';
import type { EngineMessage } from '../../../core/contract/events.ts';

it('says again how far work has come while nothing new is said, and nothing before or afterwards', async () => {
  const said: EngineMessage[] = [];
  const still = stillGoing((message) => said.push(message));
  const seen = async (count: number) => {
    while (said.length < count) await wait(20);
  };
  await wait(600);
  expect(said).toEqual([]);
  const first = { event: 'progress', phase: 'load', done: 1, total: 3 } as const;
  still.say(first);
  await seen(3);
  const note = { event: 'note', message: 'look' } as const;
  still.say(note);
  await seen(said.length + 2);
  still.end();
  const { length } = said;
  await wait(600);
  expect(said).toHaveLength(length);
  expect(said.filter(({ event }) => event === 'note')).toEqual([note]);
  for (const message of said) if (message !== note) expect(message).toEqual(first);
});
