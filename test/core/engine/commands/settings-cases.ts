import { expect } from 'vitest';
import { defaultSettings } from '../../../../core/engine/settings/settings-file.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import type { GroupCases } from './command-case.ts';

export const settingsCases: GroupCases<'settings'> = {
  read: async () => {
    expect(await engineWorld().client.settings.read()).toEqual(defaultSettings);
  },
  change: async () => {
    const { client, engine } = engineWorld();
    expect(await client.settings.change({ body: { theme: 'dark' } })).toEqual({ ...defaultSettings, theme: 'dark' });
    expect((await client.settings.read()).theme).toBe('dark');
    expect(engine.hub.after(0)?.map(({ name }) => name)).toEqual(['settings-changed']);
    await expect(client.settings.change({ body: { threads: 0 } })).rejects.toMatchObject({ code: 'malformed' });
  },
  reset: async () => {
    const { client } = engineWorld();
    await client.settings.change({ body: { theme: 'dark' } });
    expect(await client.settings.reset()).toEqual(defaultSettings);
  },
};
