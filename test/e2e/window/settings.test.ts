import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { filledProject } from '../../support/filled-project.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('settings', () => {
  it('change how it looks and which keys do what, outlast the page, and are taken back together', async () => {
    const world = engineWorld();
    const settings = () => world.client.settings.read();
    const { page } = await openWindow({ world, hash: '#/settings' });
    const appearance = page.getByRole('region', { name: 'Appearance and start' });
    await appearance.getByText('Dark', { exact: true }).click();
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Keys of Undo: Ctrl+Z' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keys of Undo: Ctrl+Z' }).click();
    await page.keyboard.press('Control+o');
    await page.getByRole('button', { name: 'Keys of Undo: Ctrl+O' }).waitFor();
    await page.getByText('Also: Open a project').waitFor();
    await expectAccessible(page);
    await page.reload();
    await page.getByRole('button', { name: 'Keys of Undo: Ctrl+O' }).waitFor();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await page.getByRole('button', { name: 'No keys for Undo' }).click();
    await expect.poll(async () => (await settings()).keys).toEqual({ 'edit.undo': '' });
    await page.getByRole('button', { name: 'Proposed keys for Undo' }).click();
    await page.getByRole('button', { name: 'Keys of Undo: Ctrl+Z' }).waitFor();

    await page.getByRole('button', { name: 'Empty the cache' }).click();
    await page.getByText('were freed').waitFor();
    await page.getByRole('button', { name: 'All settings as they came' }).click();
    await expect.poll(async () => (await settings()).theme).toBe('system');
    await page.getByRole('button', { name: 'Take back' }).click();
    await expect.poll(async () => (await settings()).theme).toBe('dark');
  });

  it('the list of commands is opened by key, searched, and does what is found', async () => {
    const world = await filledProject();
    const { page } = await openWindow({ world, hash: `#/p/${world.project}/collection` });
    await page.getByText('3 images', { exact: true }).waitFor();
    await page.keyboard.press('Shift+?');
    const list = page.getByRole('dialog', { name: 'Commands and keys' });
    await list.getByRole('region', { name: 'Go to' }).waitFor();
    await expectAccessible(page);
    const search = list.getByRole('searchbox', { name: 'Find a command' });
    await search.fill('no such thing');
    await list.getByText('No command is called like that.').waitFor();
    await search.fill('scores');
    await search.press('Enter');
    await list.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Scores', level: 1 }).waitFor();
    await page.keyboard.press('F1');
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
  });
});
