import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { filledProject, writePictures } from '../../support/filled-project.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('the start screen', () => {
  it('makes a project of a folder with the keyboard alone, and lists it afterwards', async () => {
    const world = engineWorld();
    await writePictures(join(world.root, 'photos <b>&amp;'), ['a.jpg', 'b.jpg', 'c.jpg']);
    const { page } = await openWindow({ world });
    const choose = page.getByRole('button', { name: 'Choose a folder of images…' });
    await choose.waitFor();
    await expectAccessible(page);
    await choose.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'photos <b>&amp;' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('3 images directly in it').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Choose this folder' }).focus();
    await page.keyboard.press('Enter');
    const images = page.getByRole('listbox', { name: 'Images' }).getByRole('option');
    await images.nth(2).waitFor();
    await page.keyboard.press('Alt+0');
    await page.getByRole('button', { name: /^photos <b>&amp; \d images?/ }).waitFor();
  });

  it('takes the folder that was gone into, however late the engine says what is in it', async () => {
    const world = engineWorld();
    await writePictures(join(world.root, 'photos'), ['a.jpg', 'b.jpg']);
    const { page } = await openWindow({ world });
    await page.getByRole('button', { name: 'Choose a folder of images…' }).click();
    const photos = page.getByRole('button', { name: 'photos', exact: true });
    await photos.waitFor();
    await page.route('**/api/folders/**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await photos.click();
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByRole('listbox', { name: 'Images' }).getByRole('option').nth(1).waitFor();
    await page.keyboard.press('Alt+0');
    await page.getByRole('button', { name: /^photos 2 images/ }).waitFor();
  });

  it('shows the only open project at once, asks nothing twice, and says why an address leads to no project', async () => {
    const world = await filledProject();
    const { page, address } = await openWindow({ world });
    const images = page.getByRole('listbox', { name: 'Images' }).getByRole('option');
    await images.nth(2).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname + new URL(request.url()).search));
    await page.goto('about:blank');
    await page.goto(`${new URL(address).origin}/#/p/${world.project}/collection`);
    await images.nth(2).waitFor();
    const ofApi = asked.filter((path) => /^\/api\/(?!.*thumbnail|.*facets)/.test(path));
    expect(ofApi.filter((path, i) => ofApi.indexOf(path) !== i)).toEqual([]);
    await page.evaluate(`location.hash = '#/p/another/collection'`);
    await page.getByText('The project of this address is not open').waitFor();
    await page.getByRole('button', { name: 'Choose a folder of images…' }).waitFor();
  });

  it('says what is wrong with a project that is no longer there, and with one that cannot be read', async () => {
    const world = engineWorld();
    mkdirSync(join(world.root, 'broken'));
    writeFileSync(join(world.root, 'broken', 'broken.congeal'), 'this is no database, however long it may be');
    world.engine.recent.note({ path: join(world.root, 'gone.congeal'), name: 'Gone', openedAt: 1, images: 7 });
    const { page } = await openWindow({ world, expected: /status of 4\d\d/ });
    await page.getByRole('button', { name: /^Gone not found/ }).click();
    await page.getByText('is not in').waitFor();
    await page.getByRole('button', { name: 'Open a project…' }).click();
    await page.getByRole('button', { name: 'broken' }).click();
    await page.getByRole('button', { name: 'broken.congeal' }).click();
    await page.getByRole('heading', { name: 'This project cannot be read' }).waitFor();
    await expectAccessible(page);
  });
});
