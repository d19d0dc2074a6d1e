import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { drawCollection } from '../../support/collection.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { openWindow } from '../../support/window.ts';

/** More steps than any screen has; whoever needs more is lost. */
const mostSteps = 120;

/** Whether the focus can be seen: an outline or a shadow where it is or on the item that a list is on, a ring of a handle. */
const isSeen = `(() => {
  const { activeElement } = document;
  const item = document.getElementById(activeElement.getAttribute('aria-activedescendant') ?? '');
  return [activeElement, item, ...activeElement.querySelectorAll('circle')].some((element) => {
    if (element === null) return false;
    const { outlineStyle, outlineWidth, boxShadow, stroke } = getComputedStyle(element);
    if (element.matches('g > .reach')) return stroke !== 'none';
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  });
})()`;

/** Goes on with Tab until something has the focus, and finds that it can be seen there. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect.poll(async () => await wanted.first().isEnabled()).toBe(true);
  const focused = wanted.and(page.locator(':focus'));
  for (let step = 0; step < mostSteps; step++) {
    await page.keyboard.press('Tab');
    if ((await focused.count()) === 0) continue;
    expect([String(wanted), await page.evaluate(isSeen)]).toEqual([String(wanted), true]);
    return;
  }
  throw new Error(`Tab does not lead to ${String(wanted)}.`);
}

async function press(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/** Goes to a screen by its key. */
async function goTo(page: Page, digit: number, screen: string): Promise<void> {
  await page.keyboard.press(`Alt+${digit}`);
  await page.getByRole('heading', { name: screen, exact: true, level: 1 }).waitFor();
}

describe.skipIf(!hasBrowser)('without a mouse', () => {
  it('everything is done from the first screen to the dataset, and the focus is seen wherever it is', async () => {
    const world = engineWorld();
    await drawCollection('beetles', join(world.root, 'Beetles'), 12);
    const { page } = await openWindow({ world });
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

    await press(page, button('Choose a folder of images…'));
    const dialog = page.getByRole('dialog');
    await press(page, dialog.getByRole('button', { name: 'Beetles', exact: true }));
    await press(page, dialog.getByRole('button', { name: 'Choose this folder' }));
    await page.getByText('12 images', { exact: true }).waitFor();
    await press(page, page.getByRole('listbox', { name: 'Images' }), 'ArrowRight');
    await page.getByText('12 images, 1 selected').waitFor();

    await goTo(page, 2, 'Find');
    await press(page, button('Find the object'));
    await press(page, page.getByRole('listbox', { name: 'Boxes' }), 'a');
    await page.getByText('1 accepted · 0 rejected').waitFor();

    await goTo(page, 3, 'Align');
    await press(page, page.getByLabel('Transforms'), 's');
    await press(page, page.getByLabel('Also learn a transformer for new images'), 'Space');
    await press(page, button('Align').and(page.locator('[type=submit]')));
    await page.getByRole('img', { name: 'Mean after alignment' }).waitFor();

    await goTo(page, 4, 'Inspect');
    await press(page, button('Move the frame'), 'ArrowRight');
    await page.getByText('Corrected', { exact: true }).waitFor();

    await goTo(page, 5, 'Annotate');
    await page.locator('canvas[data-busy="false"]').waitFor({ state: 'attached' });
    await page.keyboard.press('p');
    await page.keyboard.press('Enter');
    await press(page, button(/^Carry/));
    await expect.poll(() => page.locator('svg[data-annotations="1"]').count()).toBeGreaterThan(1);

    await goTo(page, 6, 'Scores');
    await press(page, button('Similarity to the mean'));
    await page
      .getByRole('columnheader', { name: 'Similarity to the mean' })
      .and(page.locator('[aria-sort=descending]'))
      .waitFor();

    await goTo(page, 7, 'Export');
    await page.getByRole('region', { name: 'Preview' }).and(page.locator('[aria-busy="false"]')).waitFor();
    await tabTo(page, page.getByLabel('New folder'));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('by key');
    await press(page, button('Export'));
    const written = page
      .getByRole('region', { name: 'Written datasets' })
      .getByTitle(/by key$/)
      .first();
    expect(existsSync(join((await written.textContent()) ?? '', 'metadata.jsonl'))).toBe(true);

    await goTo(page, 8, 'Models');
    await tabTo(page, button('Import an ONNX file'));
    await goTo(page, 9, 'Settings');
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Commands and keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+0');
    await tabTo(page, button(/^Beetles 12 images/));
  });
});
