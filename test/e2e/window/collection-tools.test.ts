import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { filledProject } from '../../support/filled-project.ts';
import { knownRun, projectWorld } from '../../support/project-world.ts';
import { expectAccessible, openWindow, paintedPictures } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('the tools of the collection', () => {
  it('filter by what was decided and by a score', async () => {
    const world = await projectWorld(6);
    const [project, run] = [world.open.id, knownRun(world)];
    const selection = { images: world.images.slice(0, 2) };
    await world.client.transforms.reject({ params: { project, run }, body: { selection } });
    const { page } = await openWindow({ world, hash: `#/p/${project}/collection` });
    await page.getByText('6 images', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Filter' }).click();
    const panel = page.getByRole('dialog', { name: 'Filter' });
    await panel.getByRole('button', { name: 'Rejected 2' }).click();
    await page.getByText('2 images', { exact: true }).waitFor();
    await expectAccessible(page);
    await panel.getByRole('button', { name: 'Show all images' }).click();
    await panel.getByLabel('From').fill('0.25');
    await panel.getByLabel('From').press('Enter');
    await page.getByText('3 images', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('6 images', { exact: true }).waitFor();
  });

  it('find copies, keep one of them, and show them alone', async () => {
    const world = await filledProject();
    const { client, project, folder, ended } = world;
    copyFileSync(join(folder, 'a.jpg'), join(folder, 'd.jpg'));
    await ended((await client.images.import({ params: { project }, body: { folder: null } })).run);
    const { page } = await openWindow({ world, hash: `#/p/${project}/collection` });
    await page.getByText('4 images', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    await page
      .getByRole('dialog', { name: 'Add images' })
      .getByRole('button', { name: 'Duplicates and bursts…' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Duplicates and bursts' });
    await dialog.getByRole('button', { name: 'Look again' }).click();
    // The pictures of these tests are so alike that the copy and its original are in one group with the others.
    await dialog.getByText('Same picture', { exact: true }).click();
    await dialog.getByText('1 group', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Keep image 2' }).click();
    await dialog.getByText('kept', { exact: true }).waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Show', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show all' }).waitFor();
  });

  it('select with a rubber band, and with another one more', async () => {
    const world = await filledProject();
    const { page } = await openWindow({ world, hash: `#/p/${world.project}/collection` });
    const images = page.getByRole('listbox', { name: 'Images' }).getByRole('option');
    await paintedPictures(page, '[role=option] img', 3);
    const edges = async (n: number) => {
      const box = await images.nth(n).boundingBox();
      if (box === null) throw new Error('the image is not to be seen');
      return { middle: [box.x + box.width / 2, box.y + box.height / 2], below: box.y + box.height + 60 } as const;
    };
    const [first, second, third] = [await edges(0), await edges(1), await edges(2)];
    await page.mouse.move(first.middle[0], first.below);
    await page.mouse.down();
    await page.mouse.move(second.middle[0], second.middle[1], { steps: 4 });
    await expectAccessible(page);
    await page.mouse.up();
    await page.getByText('3 images, 2 selected').waitFor();
    await page.keyboard.down('Control');
    await page.mouse.move(third.middle[0] - 10, third.below);
    await page.mouse.down();
    await page.mouse.move(third.middle[0], third.middle[1], { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Control');
    await page.getByText('3 images, 3 selected').waitFor();
    await page.mouse.click(first.middle[0], first.below);
    await page.getByText('3 images', { exact: true }).waitFor();
  });

  it('find originals again that were moved', async () => {
    const world = await filledProject();
    const { client, project, folder, root, ended } = world;
    mkdirSync(join(root, 'elsewhere'));
    renameSync(join(folder, 'b.jpg'), join(root, 'elsewhere', 'other name.jpg'));
    await ended((await client.images.import({ params: { project }, body: { folder: null } })).run);
    const { page } = await openWindow({ world, hash: `#/p/${project}/collection` });
    await page.getByRole('option').filter({ hasText: 'b.jpg' }).click();
    await page
      .getByText(/^Missing/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    await page.getByRole('button', { name: 'Find moved originals…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Where are the moved images now?' });
    await dialog.getByRole('button', { name: 'elsewhere' }).click();
    await dialog.getByText('1 image directly in it').waitFor();
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    const statuses = async () => (await client.images.page({ params: { project } })).images.map(({ status }) => status);
    await expect.poll(statuses).toEqual(['ready', 'ready', 'ready']);
    await paintedPictures(page, '[role=option] img', 3);
  });
});
