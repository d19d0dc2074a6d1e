import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { congeal } from '../../../../core/learn/congeal/congeal.ts';
import type { CongealOptions } from '../../../../core/learn/congeal/options.ts';
import { runCongeal } from '../../../support/alignment.ts';
import { drawFigures } from '../../../support/figures.ts';

const leaving = new URL('../../../support/workers/crew-process.ts', import.meta.url);

describe('an alignment by several threads', () => {
  it.each([
    ['that learn together', 18, { family: 'affine', rotation: 36 }],
    ['with others that join them', 65, { family: 'translation' }],
    ['seen mirrored', 46, { family: 'rotation', rotation: 18, mirror: true }],
  ] as [string, number, CongealOptions][])('gives the same as by one: images %s', async (_, count, options) => {
    const images = drawFigures({ count, seed: 11, turn: 0.3 }).map(({ image }) => image);
    const one = await runCongeal(images, options, { seed: 2, threads: 1 });
    for (const threads of [2, 3]) {
      const many = await runCongeal(images, options, { seed: 2, threads });
      expect(JSON.stringify(many.result)).toBe(JSON.stringify(one.result));
    }
  });

  it('goes on from a checkpoint that another number of threads made', async () => {
    const images = drawFigures({ count: 18, seed: 5, turn: 0.3 }).map(({ image }) => image);
    const options = { family: 'similarity', rotation: 36 } as const;
    const { result, checkpoints } = await runCongeal(images, options, { seed: 2, threads: 2 });
    const resume = checkpoints[checkpoints.length >> 1];
    const again = await runCongeal(images, options, { seed: 2, threads: 1, resume });
    expect(JSON.stringify(again.result)).toBe(JSON.stringify(result));
  });

  it('stops when it is told to, in the midst of its work', async () => {
    const images = drawFigures({ count: 24, seed: 4 }).map(({ image }) => image);
    const stop = new AbortController();
    const learning = congeal(images, {}, { seed: 1, threads: 2, signal: stop.signal });
    const run = async (): Promise<void> => {
      for await (const event of learning)
        if (event.kind === 'progress' && event.phase === 'bank' && event.done === 2) stop.abort(new Error('enough'));
    };
    await expect(run()).rejects.toThrow('enough');
  });

  it('lets its process leave in the midst of its work', async () => {
    const child = fork(leaving, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let complaints = '';
    child.stderr?.on('data', (data: Buffer) => (complaints += data.toString()));
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect({ code, signal, complaints }).toEqual({ code: 3, signal: null, complaints: '' });
  });
});
