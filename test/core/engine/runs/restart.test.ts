import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../core/contract/commands/runs.ts';
import { engineAt } from '../../../support/engine-world.ts';
import { endOfRun, projectWorld, type ProjectWorld } from '../../../support/project-world.ts';

const body = { family: 'similarity', rotation: 36, learn: false, size: 32, threads: 1, seed: 4 } as const;

async function resultOf({ client, open }: Pick<ProjectWorld, 'client' | 'open'>, run: Run): Promise<unknown> {
  const { transforms } = await client.transforms.page({ params: { project: open.id, run: run.id } });
  const results = transforms.map(({ name, canonicalToImage, scores, status }) => ({
    name,
    canonicalToImage,
    scores,
    status,
  }));
  return { results, figures: run.figures };
}

describe('a run over a restart of the engine', () => {
  it('is interrupted, can be resumed, and ends with the same numbers', async () => {
    const whole = await projectWorld(5);
    const uninterrupted = await whole.client.runs.align({ params: { project: whole.open.id }, body });
    const expected = await resultOf(whole, await whole.ended(uninterrupted.run));

    const first = await projectWorld(5);
    const { run } = await first.client.runs.align({ params: { project: first.open.id }, body });
    await new Promise<void>((resolve) => {
      const stop = first.engine.hub.onChange(() => {
        const refining = first.engine.hub.after(0)?.some(({ json }) => json.includes('"phase":"refine"'));
        if (refining !== true) return;
        stop();
        resolve();
      });
    });
    await first.engine.close();

    const second = engineAt(first);
    const open = second.engine.projects.open(first.open.path);
    const params = { project: open.id, run };
    const waiting = await second.client.runs.one({ params });
    expect(waiting).toMatchObject({ status: 'interrupted', resumable: true });
    await second.client.runs.resume({ params });
    const done = await endOfRun(second, open, run);
    expect(done).toMatchObject({ status: 'done', failure: null });
    expect(await resultOf({ ...second, open }, done)).toEqual(expected);
  });
});
