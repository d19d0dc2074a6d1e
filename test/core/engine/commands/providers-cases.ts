import { expect } from 'vitest';
import { engineWorld } from '../../../support/engine-world.ts';
import type { GroupCases } from './command-case.ts';

export const providersCases: GroupCases<'providers'> = {
  list: async () => {
    const { client } = engineWorld();
    const { providers, chosen } = await client.providers.list();
    expect(providers.map(({ name }) => name)).toEqual(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
    expect(providers[0]).toMatchObject({ offered: true, state: 'unknown', probedAt: null });
    expect(chosen).toEqual({ provider: 'auto', threads: null });
  },
  probe: async () => {
    const { client } = engineWorld();
    expect(await client.providers.probe({ params: { provider: 'cpu' } })).toMatchObject({
      state: 'works',
      reason: null,
    });
    const elsewhere = process.platform === 'darwin' ? 'dml' : 'coreml';
    const failed = await client.providers.probe({ params: { provider: elsewhere } });
    expect(failed).toMatchObject({ state: 'fails', offered: false });
    expect(failed.reason).toContain('only');
  },
  choose: async () => {
    const { client } = engineWorld();
    const chosen = { provider: 'cpu', threads: 2 } as const;
    expect(await client.providers.choose({ body: chosen })).toEqual(chosen);
    expect((await client.settings.read()).threads).toBe(2);
  },
  measure: async () => {
    const { client } = engineWorld();
    const { measured } = await client.providers.measure({ params: { provider: 'cpu' } });
    expect(measured[0].milliseconds).toBeGreaterThan(0);
  },
};
