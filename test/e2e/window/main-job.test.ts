import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readMetadataJsonl } from '../../../core/datasets/metadata-jsonl.ts';
import { hasBrowser } from '../../support/browser.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { expectAccessible, openWindow, paintedPictures } from '../../support/window.ts';

const beetles = 60;

/** Goes to a screen as a person does: by the rail. */
async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen, exact: true }).click();
  await page.getByRole('region', { name: screen, exact: true }).waitFor();
}

/** Finds the object, says yes to the least certain box and no to the next one. */
async function find(page: Page): Promise<void> {
  await goTo(page, 'Find');
  await page.getByRole('button', { name: 'Find the object' }).first().click();
  const grid = page.getByRole('listbox', { name: 'Boxes' });
  await grid.getByRole('option').first().waitFor();
  await grid.focus();
  await page.keyboard.press('a');
  await page.getByText(`${beetles} images · 1 accepted · 0 rejected`).waitFor();
  await page.keyboard.press('r');
  await page.getByText(`${beetles} images · 1 accepted · 1 rejected`).waitFor();
}

/** Aligns and watches: the mean is there while it goes on, the time left is told, and it waits while it is asked to. */
async function align(page: Page): Promise<void> {
  await goTo(page, 'Align');
  const options = page.getByRole('form', { name: 'Options of the alignment' });
  await options.getByLabel('Transforms').selectOption('similarity');
  await options.getByLabel('Also learn a transformer for new images').uncheck();
  await options.getByRole('button', { name: 'Align' }).click();
  const progress = page.getByRole('region', { name: 'Progress' });
  await paintedPictures(page, 'img[alt^="Mean, frame"]', 1);
  await progress.getByText(/ left$/).waitFor();
  await page.getByRole('list', { name: 'Images as they lie just now' }).getByRole('button').first().waitFor();
  await progress.getByRole('button', { name: 'Pause' }).click();
  await progress.getByRole('status').getByText('Paused').waitFor();
  await expectAccessible(page);
  await progress.getByRole('button', { name: 'Resume' }).click();
  await paintedPictures(page, 'img[alt="Mean after alignment"]', 1);
}

/** Turns the frame by its handle: the crop follows, and is what it was when the turn is taken back. */
async function inspect(page: Page): Promise<void> {
  await goTo(page, 'Inspect');
  const crop = page.locator('canvas[data-exact="true"]');
  await crop.waitFor({ state: 'attached' });
  const found = await crop.screenshot();
  const handle = await page.getByRole('button', { name: 'Turn the frame' }).boundingBox();
  if (handle === null) throw new Error('the handle is not to be seen');
  const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 40, { steps: 4 });
  await page.mouse.up();
  await page.getByText('Corrected', { exact: true }).waitFor();
  await crop.waitFor({ state: 'attached' });
  expect((await crop.screenshot()).equals(found)).toBe(false);
  await page.keyboard.press('Control+z');
  await page.getByText('Not decided', { exact: true }).waitFor();
  await expect.poll(async () => (await crop.screenshot()).equals(found)).toBe(true);
}

/** Sets a point in the middle of the mean and carries it: ten images and more show it. */
async function annotate(page: Page): Promise<void> {
  await goTo(page, 'Annotate');
  await page.getByText('Mean', { exact: true }).click();
  await page.getByRole('img', { name: 'Mean image' }).waitFor();
  await page.keyboard.press('p');
  const mean = await page.locator('canvas[data-busy="false"]').boundingBox();
  if (mean === null) throw new Error('no mean');
  await page.mouse.click(mean.x + mean.width / 2, mean.y + mean.height / 2);
  await page.getByRole('button', { name: /^Carry/ }).click();
  await expect.poll(() => page.locator('svg[data-annotations="1"]').count()).toBeGreaterThanOrEqual(10);
}

/** Exports small crops; answers with the folder that the window names. */
async function exportCrops(page: Page): Promise<string> {
  await goTo(page, 'Export');
  const side = page.getByRole('spinbutton', { name: 'Side', exact: true });
  await side.fill('48');
  await side.press('Enter');
  await page.getByLabel('New folder').fill('aligned beetles');
  await page.getByRole('region', { name: 'Preview' }).and(page.locator('[aria-busy="false"]')).waitFor();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const written = page.getByRole('region', { name: 'Written datasets' }).getByRole('listitem');
  return (await written.locator('[title]').first().getAttribute('title')) ?? '';
}

describe.skipIf(!hasBrowser)('the whole job', () => {
  it('leads from a sample collection to a dataset on disk, with a search, an alignment and a point carried along', async () => {
    const { page } = await openWindow({ world: engineWorld() });
    await page.getByRole('button', { name: 'Draw the sample Beetles' }).click();
    await page.getByText(`${beetles} images`, { exact: true }).waitFor();
    await find(page);
    await align(page);
    await inspect(page);
    await annotate(page);
    const folder = await exportCrops(page);

    const rows = readMetadataJsonl(readFileSync(join(folder, 'metadata.jsonl'), 'utf8'), 'metadata.jsonl');
    expect(rows.length).toBeGreaterThan(beetles / 2);
    expect(rows.length).toBeLessThan(beetles);
    expect(rows.map(({ file_name }) => file_name).sort()).toEqual(
      readdirSync(join(folder, 'images'))
        .map((name) => `images/${name}`)
        .sort(),
    );
    for (const { file_name, annotations } of rows) {
      const { width, height } = await sharp(join(folder, file_name)).metadata();
      expect([width, height]).toEqual([48, 48]);
      expect(annotations).toMatchObject([{ kind: 'point', propagated: true, outside: false }]);
      const [x, y] = annotations?.[0].points[0] ?? [NaN, NaN];
      expect(Math.hypot(x - 24, y - 24)).toBeLessThan(0.5);
    }
  });
});
