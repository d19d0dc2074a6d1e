import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings, openSettings } from '../../../../core/engine/settings/settings-file.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

describe('settings', () => {
  it('are the defaults at first, and what was chosen after a restart', () => {
    const folder = join(temporaryFolder(), 'state');
    const settings = openSettings(folder);
    expect(settings.read()).toEqual(defaultSettings);
    expect(settings.change({ theme: 'dark', threads: 3 })).toMatchObject({ theme: 'dark', threads: 3, reopen: true });
    expect(openSettings(folder).read()).toMatchObject({ theme: 'dark', threads: 3 });
    expect(readdirSync(folder)).toEqual(['settings.json']);
    expect(settings.reset()).toEqual(defaultSettings);
    expect(openSettings(folder).read()).toEqual(defaultSettings);
  });

  it('set a broken file aside and go on', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'settings.json');
    for (const [n, text] of ['{"theme": "da', '[]', 'null'].entries()) {
      writeFileSync(path, text);
      const told: string[] = [];
      expect(openSettings(folder, (message) => told.push(message)).read()).toEqual(defaultSettings);
      expect(told).toHaveLength(1);
      expect(readFileSync(`${path}.broken-${n + 1}`, 'utf8')).toBe(text);
    }
  });

  it('keep what fits of a file in which something does not, and ignore what they do not know', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'settings.json');
    writeFileSync(path, '{"theme": "dark", "threads": -1, "__proto__": {"x": 1}}');
    expect(openSettings(folder).read()).toEqual({ ...defaultSettings, theme: 'dark' });
    expect(readdirSync(folder)).toEqual(['settings.json.broken-1']);
    writeFileSync(path, '{"theme": "light", "later": true}');
    expect(openSettings(folder).read()).toEqual({ ...defaultSettings, theme: 'light' });
    expect(readdirSync(folder)).toContain('settings.json');
  });

  it.skipIf(process.getuid?.() === 0)('say where they cannot be written', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    expect(() => openSettings(folder).change({ theme: 'dark' })).toThrow('cannot be written');
    chmodSync(folder, 0o700);
  });
});
