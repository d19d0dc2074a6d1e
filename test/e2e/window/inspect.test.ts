import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chain, rotate, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { hasBrowser } from '../../support/browser.ts';
import { writePhotos } from '../../support/generated-photos.ts';
import { knownPoses, type KnownPoses } from '../../support/known-poses.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

const pose = (x: number, y: number, turn: number, half: number): Matrix3 =>
  chain(translate(x, y), rotate(turn), [half, 0.1 * half, 0, 0, 0.9 * half, 0, 0, 0, 1]);

/** Two real photos where there are some, drawn ones elsewhere, in known poses. */
async function photos(): Promise<KnownPoses> {
  if (!hasShared) {
    const paths = await writePhotos(join(temporaryFolder(), 'drawn'), 6, { seed: 3 });
    return await knownPoses(paths.slice(4, 6), [pose(2100, 1400, 0.3, 900), pose(400, 300, -0.2, 220)]);
  }
  const paths = ['kangaroo/images/00097.jpg', 'raccoon/images/raccoon-1.jpg'].map((path) => shared(`data/${path}`));
  return await knownPoses(paths, [pose(280, 200, 0.3, 170), pose(300, 220, -0.2, 120)]);
}

async function open(world: KnownPoses, theme: 'light' | 'dark' = 'light') {
  const hash = `#/p/${world.open.id}/inspect/${world.images[0]}`;
  const { page } = await openWindow({ world, hash, theme });
  await exact(page);
  return page;
}

/** Waits until the crop has the pixels that the core would sample. */
async function exact(page: Page): Promise<void> {
  await page.locator('canvas[data-exact="true"]').waitFor({ state: 'attached', timeout: 180_000 });
}

async function drag(page: Page, handle: Locator, x: number, y: number, letGo = true): Promise<void> {
  const box = await handle.boundingBox();
  if (box === null) throw new Error('the handle is not to be seen');
  const [left, top] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(left, top);
  await page.mouse.down();
  await page.mouse.move(left + x, top + y, { steps: 4 });
  if (letGo) await page.mouse.up();
}

describe.skipIf(!hasBrowser)('inspecting a crop', () => {
  it('follows a handle, keeps what it makes, and takes it back', async () => {
    const world = await photos();
    const page = await open(world);
    const at = { params: { project: world.open.id, run: world.run, image: world.images[0] } };
    const before = await world.client.transforms.one(at);
    const drawn = async () => Number(await page.locator('canvas[data-exact]').getAttribute('data-drawn'));
    const first = await drawn();
    await drag(page, page.getByRole('button', { name: 'Turn the frame' }), 60, 40, false);
    await expect.poll(drawn).toBeGreaterThan(first);
    expect((await world.client.transforms.one(at)).decision).toBe('none');
    await page.mouse.up();
    await page.getByText('Corrected', { exact: true }).waitFor();
    const after = await world.client.transforms.one(at);
    expect(after.reading?.angle).not.toBeCloseTo(before.reading?.angle ?? 0, 1);
    await page.keyboard.press('Control+z');
    await page.getByText('Not decided', { exact: true }).waitFor();
    expect((await world.client.transforms.one(at)).canonicalToImage).toEqual(before.canonicalToImage);
    await expect
      .poll(async () => await page.getByLabel('Angle', { exact: true }).inputValue())
      .toBe(before.reading?.angle.toFixed(1));
  });

  it('can be done by key alone, in the dark, and keeps nobody out', async () => {
    const world = await photos();
    const page = await open(world, 'dark');
    const at = (n: number) => ({ params: { project: world.open.id, run: world.run, image: world.images[n] } });
    await page.getByRole('button', { name: 'Move the frame' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.getByText('Corrected', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('a');
    await page.getByText('2 of 2').waitFor();
    await expect.poll(async () => (await world.client.transforms.one(at(0))).decision).toBe('accepted');
    await page.keyboard.press('x');
    await page.getByText('Rejected', { exact: true }).waitFor();
    await page.keyboard.press('k');
    await page.getByText('Accepted', { exact: true }).waitFor();
    await page.getByText('Laboratory', { exact: true }).click();
    await expect
      .poll(async () => Number(await page.locator('[data-overlaps]').getAttribute('data-overlaps')))
      .toBeGreaterThan(0);
    await expectAccessible(page);
  });

  it('holds a crop on pins', async () => {
    const world = await photos();
    const page = await open(world);
    const at = { params: { project: world.open.id, run: world.run, image: world.images[0] } };
    const before = await world.client.transforms.one(at);
    await page.getByRole('button', { name: 'Set a pin' }).click();
    const box = await page.locator('canvas[data-exact]').boundingBox();
    if (box === null) throw new Error('no crop');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByText('Pin 1', { exact: true }).waitFor();
    await drag(page, page.getByRole('button', { name: 'Pin 1 on the crop' }), 30, 0);
    await expect
      .poll(async () => (await world.client.transforms.one(at)).pins?.[0].canonical[0] ?? 0)
      .toBeGreaterThan(0.05);
    const after = await world.client.transforms.one(at);
    expect(after.canonicalToImage?.[2]).not.toBeCloseTo(before.canonicalToImage?.[2] ?? 0, 0);
  });
});
