import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { engineAt } from '../../support/engine-world.ts';
import { knownRun, projectWorld } from '../../support/project-world.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { expectAccessible, openWindow, paintedPictures } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('a project that another engine has open', () => {
  it('is there for looking: everything is shown, and nothing can be changed', async () => {
    const first = await projectWorld(6);
    knownRun(first);
    const world = engineAt({ root: first.root, stateFolder: join(temporaryFolder(), 'state') });
    const { id } = world.engine.projects.open(join(first.root, 'test.congeal'));
    const { page } = await openWindow({ world, hash: `#/p/${id}/collection` });
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
    await page.getByText('For looking only', { exact: true }).waitFor();
    await paintedPictures(page, '[role=option] img', 6);
    expect(await button('Add').isDisabled()).toBe(true);
    expect(await button('Undo').isDisabled()).toBe(true);
    await page.getByRole('listbox', { name: 'Images' }).focus();
    await page.keyboard.press('Home');
    await page.getByText('6 images, 1 selected').waitFor();
    await page.keyboard.press('Delete');
    await expectAccessible(page);

    const go = async (screen: string) => {
      await page.getByRole('link', { name: screen, exact: true }).click();
      await page.getByRole('heading', { name: screen, exact: true, level: 1 }).waitFor();
    };
    await go('Find');
    for (const start of await button('Find the object').all()) expect(await start.isDisabled()).toBe(true);
    await go('Align');
    expect(await button('New alignment').isDisabled()).toBe(true);
    await go('Inspect');
    await page.locator('canvas[data-exact="true"]').waitFor({ state: 'attached' });
    await page.keyboard.press('a');
    await page.keyboard.press('m');
    await expectAccessible(page);
    await go('Annotate');
    expect(await button(/^Point/).isDisabled()).toBe(true);
    await expectAccessible(page);

    const params = { project: id };
    expect((await world.client.images.page({ params })).total).toBe(6);
    const [{ id: run }] = (await world.client.runs.page({ params })).runs;
    const { transforms } = await world.client.transforms.page({ params: { ...params, run } });
    expect(transforms.map(({ decision }) => decision)).toEqual(Array(6).fill('none'));
  });
});
