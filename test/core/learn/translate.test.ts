import { describe, expect, it } from 'vitest';
import { relay } from '../../../core/compute/collection.ts';
import { joinParts } from '../../../core/compute/two-parts.ts';
import { withShown } from '../../../core/learn/colocalise/shown-squares.ts';
import type { LearnEvent } from '../../../core/learn/event.ts';
import { translate } from '../../../core/learn/translate.ts';

const note = (message: string): LearnEvent => ({ kind: 'note', message });
const checkpoint: LearnEvent = { kind: 'checkpoint', state: { stage: 'one', values: {}, tensors: {} } };

/** Says three things and gives 7; `state` tells whether it has let go of what it holds. */
async function* held(state: { ended: boolean }): AsyncGenerator<LearnEvent, number> {
  try {
    for (const event of [note('a'), checkpoint, note('b')]) yield await Promise.resolve(event);
    return 7;
  } finally {
    state.ended = true;
  }
}

const ways: Readonly<Record<string, (events: AsyncGenerator<LearnEvent, number>) => AsyncGenerator<unknown, number>>> =
  {
    translate: (events) => translate(events, (event) => [event]),
    relay: (events) => relay(events, { fingerprint: 'f', film: undefined }),
    joinParts: (events) => joinParts(events, 'first', {}),
    withShown: (events) => withShown(events, () => ({ kind: 'poses', phase: 'p', poses: () => [] })),
  };

describe.each(Object.entries(ways))('%s', (_, way) => {
  it('ends its source when whoever listens stops', async () => {
    const state = { ended: false };
    const events = way(held(state));
    await events.next();
    expect(state.ended).toBe(false);
    await events.return(0);
    expect(state.ended).toBe(true);
  });

  it('gives what its source gives', async () => {
    const state = { ended: false };
    const events = way(held(state));
    let next = await events.next();
    while (next.done !== true) next = await events.next();
    expect(next.value).toBe(7);
    expect(state.ended).toBe(true);
  });
});

describe('translate', () => {
  it('says several things for one event, or none, in their order, and ends its source where it cannot', async () => {
    const state = { ended: false };
    const events = translate(held(state), (event) => {
      if (event.kind === 'checkpoint') throw new Error('full');
      return event.kind === 'note' ? [event.message, 1] : [];
    });
    expect((await events.next()).value).toBe('a');
    expect((await events.next()).value).toBe(1);
    await expect(events.next()).rejects.toThrow('full');
    expect(state.ended).toBe(true);
  });
});
