import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { projectWorld } from '../../support/project-world.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('finding', () => {
  it('boxes are found, accepted, rejected and moved by key', async () => {
    const world = await projectWorld(6);
    const { open, client } = world;
    const params = { project: open.id };
    const { page } = await openWindow({ world, hash: `#/p/${open.id}/find` });
    await page.getByRole('button', { name: 'Find the object' }).first().click();
    const grid = page.getByRole('listbox', { name: 'Boxes' });
    await grid.getByRole('option').first().waitFor();
    const [{ id: run }] = (await client.runs.page({ params, query: { kind: ['find'] } })).runs;
    const decisions = async () => {
      const query = { sort: 'score', by: 'confidence' } as const;
      const { transforms } = await client.transforms.page({ params: { ...params, run }, query });
      return transforms.map(({ decision }) => decision);
    };
    await grid.focus();
    await page.keyboard.press('a');
    await expect.poll(decisions).toEqual(['accepted', 'none', 'none', 'none', 'none', 'none']);
    await grid.getByRole('option', { selected: true }).and(grid.getByRole('option').nth(1)).waitFor();
    await page.keyboard.press('r');
    await expect.poll(decisions).toEqual(['accepted', 'rejected', 'none', 'none', 'none', 'none']);
    await grid.getByRole('option', { selected: true }).and(grid.getByRole('option').nth(2)).waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await expect.poll(decisions).toEqual(['accepted', 'rejected', 'edited', 'none', 'none', 'none']);
    await expectAccessible(page);
  });
});
