import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../core/store/ids.ts';
import { hasBrowser } from '../../support/browser.ts';
import { giveMean } from '../../support/known-poses.ts';
import { knownRun, projectWorld } from '../../support/project-world.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

async function world() {
  const found = await projectWorld(12);
  const run = knownRun(found);
  await giveMean(found.open, Number(run) as RunId);
  const { page } = await openWindow({ world: found, hash: `#/p/${found.open.id}/annotate/${found.images[0]}` });
  await page.locator('canvas[data-busy="false"]').waitFor({ state: 'attached', timeout: 180_000 });
  const annotations = (query: { readonly image?: string; readonly canonicalOf?: string }) =>
    found.client.annotations.page({ params: { project: found.open.id }, query });
  return { ...found, run, page, annotations };
}

/** The middle of the picture on the screen, in CSS pixels. */
async function middle(page: Page): Promise<readonly [number, number]> {
  const box = await page.locator('canvas[data-busy]').boundingBox();
  if (box === null) throw new Error('no picture');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

describe.skipIf(!hasBrowser)('annotating', () => {
  it('carries a named point from the mean to ten images and more, and back again', async () => {
    const { page, client, annotations, run, images, figures, open } = await world();
    await page.getByRole('button', { name: 'New list…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Letter');
    await page.getByLabel(/^Points, one a line/).fill('heart\nfoot');
    await page.getByLabel('Lines between points').fill('heart - foot');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Mean', { exact: true }).click();
    await page.getByRole('img', { name: 'Mean image' }).waitFor();
    await page.getByRole('button', { name: 'heart' }).click();
    const [x, y] = await middle(page);
    await page.mouse.click(x, y);
    await expect.poll(async () => (await annotations({ canonicalOf: run })).total).toBe(1);
    await page.getByRole('button', { name: /^Carry this one/ }).click();
    await expect.poll(async () => (await annotations({ image: images[10] })).total).toBe(1);
    const carried = page.locator('svg[data-annotations="1"]');
    await expect.poll(async () => await carried.count()).toBeGreaterThanOrEqual(10);
    const [one] = (await annotations({ image: images[3] })).annotations;
    expect(one.propagatedFrom).not.toBeNull();
    if (one.shape.kind !== 'point') throw new Error('not a point');
    expect(one.shape.landmark?.name).toBe('heart');
    expect(Math.hypot(one.shape.at[0] - figures[3].truth[2], one.shape.at[1] - figures[3].truth[5])).toBeLessThan(1.5);
    await page.keyboard.press('n');
    await page.getByRole('button', { name: 'Confirm 1' }).click();
    await expect.poll(async () => (await annotations({ image: images[1] })).annotations[0].propagatedFrom).toBeNull();
    await expectAccessible(page);
    await client.history.undo({ params: { project: open.id } });
    await page.getByRole('button', { name: 'Confirm 1' }).waitFor();
  });

  it('draws boxes and polygons, moves and removes them by key, and takes it back', async () => {
    const { page, annotations, images } = await world();
    const shapes = async () => (await annotations({ image: images[0] })).annotations.map(({ shape }) => shape);
    const [x, y] = await middle(page);
    await page.keyboard.press('b');
    await page.mouse.move(x - 60, y - 50);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 50, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => (await shapes()).map(({ kind }) => kind)).toEqual(['box']);
    await page.keyboard.press('Escape');
    await page.mouse.click(x, y);
    const [before] = await shapes();
    await page.getByRole('button', { name: 'Turn the box' }).waitFor();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(shapes).not.toEqual([before]);
    await page.keyboard.press('Control+z');
    await expect.poll(shapes).toEqual([before]);
    await page.keyboard.press('g');
    for (const [u, v] of [
      [-80, 80],
      [80, 80],
      [0, -90],
    ])
      await page.mouse.click(x + u, y + v);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await shapes()).map(({ kind }) => kind)).toEqual(['box', 'polygon']);
    await page.getByRole('button', { name: 'Corner 1' }).waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(async () => (await shapes()).map(({ kind }) => kind)).toEqual(['box']);
    await page.keyboard.press('p');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await shapes()).map(({ kind }) => kind)).toEqual(['box', 'point']);
    await expectAccessible(page);
  });
});
