import { afterEach, describe, expect, it } from 'vitest';
import { alone, type Crew } from '../../../../core/learn/crew/crew.ts';
import { sharedCopy } from '../../../../core/learn/crew/shared.ts';
import { startThreads } from '../../../../core/learn/crew/threads.ts';
import { adding, type AddTools } from '../../../support/workers/crew-task.ts';

const program = new URL('../../../support/workers/crew-thread.ts', import.meta.url);
const open: Crew<AddTools>[] = [];

afterEach(async () => {
  for (const crew of open.splice(0)) await crew.dispose();
});

function threads(size: number, base = 100): Crew<AddTools> {
  const crew = startThreads<AddTools, AddTools>(program, size);
  open.push(crew);
  crew.equip({ base });
  return crew;
}

/** All that a generator yields, and what it returns. */
async function whole<Event, Result>(pieces: AsyncGenerator<Event, Result>): Promise<{ said: Event[]; result: Result }> {
  const said: Event[] = [];
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return { said, result: next.value };
    said.push(next.value);
  }
}

describe.each([
  ['one alone', () => alone({ base: 100 })],
  ['one thread', () => threads(1)],
  ['three threads', () => threads(3)],
])('a crew of %s', (_, make) => {
  it('does every piece once and gives the results in their order, whichever is ready first', async () => {
    const marks = sharedCopy(new Uint8Array(12));
    const orderFor = (n: number) => ({ add: n, milliseconds: (n * 7) % 5, marks });
    const { said, result } = await whole(make().work(adding, 12, orderFor));
    expect(result).toEqual(Array.from({ length: 12 }, (_, n) => 100 + n));
    expect(said).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect([...marks]).toEqual(Array.from({ length: 12 }, () => 1));
  });

  it('does nothing where there is nothing to do', async () => {
    expect(await whole(make().work(adding, 0, (n) => ({ add: n })))).toEqual({ said: [], result: [] });
  });

  it('says what went wrong in a piece, and can work on', async () => {
    const crew = make();
    await expect(whole(crew.work(adding, 20, (n) => ({ add: n })))).rejects.toThrow('thirteen');
    expect((await whole(crew.work(adding, 2, (n) => ({ add: n })))).result).toEqual([100, 101]);
  });

  it('begins no further piece when nobody listens any more, and can work on', async () => {
    const crew = make();
    const marks = sharedCopy(new Uint8Array(40));
    const pieces = crew.work(adding, 40, (n) => ({ add: n % 13, milliseconds: 20, marks }));
    await pieces.next();
    await pieces.return([]);
    const begun = marks.filter((mark) => mark === 1).length;
    expect(begun).toBeLessThanOrEqual(1 + 2 * crew.size);
    expect((await whole(crew.work(adding, 2, (n) => ({ add: n })))).result).toEqual([100, 101]);
    expect(marks.filter((mark) => mark === 1).length).toBe(begun);
  });
});

describe('threads', () => {
  it('that cannot make their tools say why when they are asked for work', async () => {
    await expect(whole(threads(2, -1).work(adding, 3, (n) => ({ add: n })))).rejects.toThrow('no such base');
  });

  it('whose program does not run say so', async () => {
    const crew = startThreads<AddTools, AddTools>(new URL('there-is-no-such-program.ts', program), 2);
    open.push(crew);
    crew.equip({ base: 1 });
    await expect(whole(crew.work(adding, 3, (n) => ({ add: n })))).rejects.toThrow('there-is-no-such-program');
  });
});
