import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { writable } from '../../../core/engine/open-projects.ts';
import { hasBrowser } from '../../support/browser.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { filledProject } from '../../support/filled-project.ts';
import { fillCollection } from '../../support/image-collections.ts';
import { expectAccessible, openWindow, paintedPictures } from '../../support/window.ts';

const markup = '<img src=x onerror=alert(1)>.jpg';

/** For each cell that says so, whether a picture lies behind its middle. */
const previewsDrawn = `(() => {
  const rows = [...document.querySelectorAll('[role=listbox] canvas')].map((canvas) => {
    const { width, height } = canvas;
    return { place: canvas.getBoundingClientRect(), pixels: canvas.getContext('2d').getImageData(0, 0, width, height) };
  });
  return [...document.querySelectorAll('.previewed')].map((cell) => {
    const { left, top, width } = cell.getBoundingClientRect();
    return rows.some(({ place, pixels }) => {
      const [x, y] = [Math.round(left + width / 2 - place.left), Math.round(top + width / 2 - place.top)];
      return y > 0 && y < pixels.height && pixels.data[4 * (y * pixels.width + x) + 3] === 255;
    });
  });
})()`;

describe.skipIf(!hasBrowser)('the collection', () => {
  it('shows, selects, tags, filters, removes and undoes, with names that are markup and files that are broken', async () => {
    const world = await filledProject(['a.jpg', 'b.jpg', markup, 'd.jpg', 'e.jpg', 'f.jpg']);
    const { client, project, folder, ended } = world;
    writeFileSync(join(folder, 'broken.jpg'), 'no image');
    await ended((await client.images.import({ params: { project }, body: { folder: null } })).run);
    const { page } = await openWindow({ world, hash: `#/p/${project}/collection` });
    const grid = page.getByRole('listbox', { name: 'Images' });
    const images = grid.getByRole('option');
    const selected = grid.locator('[aria-selected=true]');
    await expect.poll(() => images.count()).toBe(7);
    await paintedPictures(page, '[role=option] img', 6);
    await expect.poll(() => page.evaluate<readonly boolean[]>(previewsDrawn)).toEqual(Array(6).fill(true));
    await page.getByText(markup).waitFor();
    await expectAccessible(page);

    await images.filter({ hasText: 'a.jpg' }).click();
    await page.getByRole('heading', { name: 'a.jpg' }).waitFor();
    await images.filter({ hasText: 'd.jpg' }).click({ modifiers: ['Shift'] });
    await expect.poll(() => selected.count()).toBeGreaterThan(2);
    const range = await selected.count();
    await images.filter({ hasText: 'b.jpg' }).click({ modifiers: ['ControlOrMeta'] });
    await expect.poll(() => selected.count()).toBe(range - 1);
    await page.keyboard.press('ControlOrMeta+a');
    await page.getByText('7 images, 7 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('7 images', { exact: true }).waitFor();

    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('7 images, 2 selected').waitFor();
    await page.getByLabel('New tag').fill('good');
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await expect.poll(async () => (await client.tags.list({ params: { project } })).tags.at(0)?.images).toBe(2);
    await expectAccessible(page);

    await grid.focus();
    await page.keyboard.press('Delete');
    await page.getByText('2 images taken out').waitFor();
    await expect.poll(() => images.count()).toBe(5);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => images.count()).toBe(7);

    await page.getByRole('button', { name: /broken file/ }).click();
    await expect.poll(() => images.count()).toBe(1);
    await images.click();
    await page
      .getByText(/^Not readable: /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Search by name').fill('onerror');
    await expect.poll(() => images.count()).toBe(1);
    await page.getByLabel('Search by name').fill('nothing is called so');
    await page.getByText('No image is like that').waitFor();
    await expectAccessible(page);
  });

  it('scrolls through 10,000 images by wheel and by key, in the dark and in a narrow window', async () => {
    const world = engineWorld();
    const opened = world.engine.projects.open(join(world.root, 'many.congeal'), { create: true });
    fillCollection(writable(opened), 10_000, createRandom(1));
    const { page } = await openWindow({
      ...{ world, hash: `#/p/${opened.id}/collection`, theme: 'dark', viewport: { width: 640, height: 700 } },
      // These images have no files: their thumbnails are refused.
      expected: /status of 4\d\d/,
    });
    const grid = page.getByRole('listbox', { name: 'Images' });
    const last = grid.locator('[aria-posinset="1"]');
    const total = Number(await last.getAttribute('aria-setsize'));
    expect(total).toBeGreaterThan(9800);
    await grid.focus();
    await page.keyboard.press('End');
    await expect.poll(() => grid.locator(`[aria-posinset="${total}"]`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Shift+Home');
    await page.getByText(`${total.toLocaleString('en')} selected`).waitFor();
    expect(await grid.getByRole('option').count()).toBeLessThan(200);
    await expectAccessible(page);
  });
});
