import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { unitToPixel } from '../../../core/geometry/frames.ts';
import { applyPoint, chain, invert, rotate, scale, translate, type Matrix3 } from '../../../core/geometry/matrix.ts';
import { hasBrowser } from '../../support/browser.ts';
import { writePhotos } from '../../support/generated-photos.ts';
import { knownPoses } from '../../support/known-poses.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { openWindow } from '../../support/window.ts';

/** Size of the photo that is drawn. */
const [width, height] = [4000, 3000];

const pose = (x: number, y: number, turn: number, half: number): Matrix3 =>
  chain(translate(x, y), rotate(turn), scale(half));
const sheared: Matrix3 = [1, 0.25, 0, 0, 0.6, 0, 0, 0, 1];
const tilted: Matrix3 = [1, 0, 0, 0, 1, 0, 0.12, -0.08, 1];

/** Families as they are shown by matrices, reduced (a pixel of the crop covers several of the photo) and enlarged. */
const drawings = [
  ['a similarity, reduced', pose(2100, 1400, 0.3, 900), 'bilinear', 'border'],
  ['a similarity, reduced, beyond the edge', pose(3300, 2400, -0.5, 1200), 'bicubic', 'transparent'],
  ['a similarity, enlarged', pose(1800, 1300, 0.2, 60), 'bicubic', 'zeros'],
  ['an affine map, reduced', chain(pose(2000, 1500, 0.1, 1300), sheared), 'bicubic', 'border'],
  ['an affine map, enlarged', chain(pose(2400, 1200, -0.4, 90), sheared), 'bilinear', 'border'],
  ['a perspective, reduced', chain(pose(2000, 1500, -0.2, 1000), tilted), 'bilinear', 'reflection'],
  ['a perspective, enlarged', chain(pose(2000, 1500, 0.2, 70), tilted), 'bicubic', 'transparent'],
  ['a similarity, pixel by pixel', pose(2000, 1500, 0.3, 100), 'nearest', 'zeros'],
] as const;

async function open() {
  const paths = await writePhotos(join(temporaryFolder(), 'drawn'), 1, { seed: 3 });
  const world = await knownPoses(paths, [pose(2000, 1500, 0, 1000)]);
  const { page } = await openWindow({ world, hash: `#/p/${world.open.id}/inspect/${world.images[0]}` });
  await drawn(page);
  const params = { project: world.open.id, run: world.run, image: world.images[0] };
  const picture = `/api/projects/${params.project}/images/${params.image}/warp`;
  /** Makes a matrix the transform and waits until it is drawn. */
  const show = async (matrix: Matrix3) => {
    await world.client.transforms.edit({ params, body: { matrix: [...matrix] } });
    const { reading } = await world.client.transforms.one({ params });
    const size = page.getByLabel('Scale', { exact: true });
    await expect.poll(async () => await size.inputValue()).toBe(reading?.scale.toFixed(3));
    await drawn(page);
  };
  return { page, client: world.client, params, picture, show };
}

/** Waits until the crop is drawn from the pixels that the core would sample, and keeps what is on the canvas. */
async function drawn(page: Page): Promise<void> {
  await page.locator('canvas[data-exact="true"]').waitFor({ state: 'attached' });
  await page.evaluate(`(() => {
    const canvas = document.querySelector('canvas[data-exact]');
    const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    window.drawn = context.getImageData(0, 0, canvas.width, canvas.height);
  })()`);
}

/** What is kept beside a picture of the engine: the largest difference in steps of 255, and the share that differs by more than 2. */
async function difference(page: Page, address: string): Promise<{ readonly most: number; readonly share: number }> {
  return await page.evaluate(`(async (from) => {
    const { data: own, width } = window.drawn;
    const answer = await fetch(from.replaceAll('SIDE', String(width)));
    if (!answer.ok) throw new Error(await answer.text());
    const bitmap = await createImageBitmap(await answer.blob(), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
    const context = new OffscreenCanvas(width, width).getContext('2d', { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    const core = context.getImageData(0, 0, width, width).data;
    let [most, different] = [0, 0];
    for (let n = 0; n < own.length; n++) {
      /* Where little is seen through, colours are rounded more coarsely than what they add to the picture. */
      const weight = n % 4 === 3 ? 1 : own[n | 3] / 255;
      const far = Math.abs(own[n] - core[n]) * weight;
      most = Math.max(most, far);
      if (far > 2) different++;
    }
    const green = Array.from({ length: width }, (_, n) => own[4 * n * (width + 1) + 1]);
    if (Math.max(...green) - Math.min(...green) < 40) throw new Error('There is nothing to be seen on the crop.');
    return { most, share: different / own.length };
  })(${JSON.stringify(address)})`);
}

describe.skipIf(!hasBrowser)('the crop that Inspect draws', () => {
  it('is the very crop that the core renders, within 2 of 255, whatever the matrix', async () => {
    const { page, picture, show } = await open();
    for (const [what, matrix, kernel, edge] of drawings) {
      await page.getByLabel('Interpolation').selectOption(kernel);
      await page.getByLabel('Outside the original').selectOption(edge);
      await show(matrix);
      const query = `matrix=${matrix.join('&matrix=')}&width=SIDE&height=SIDE&interpolation=${kernel}&outside=${edge}`;
      const { most, share } = await difference(page, `${picture}?${query}`);
      /* Between two pixels the nearest one is a matter of the last bit. */
      if (kernel === 'nearest') expect([what, share < 0.005, share]).toEqual([what, true, share]);
      else expect([what, most <= 2, most]).toEqual([what, true, most]);
    }
  });

  it('is the very crop that the core renders, within 2 of 255, while it is bent', async () => {
    const { page, client, params, picture, show } = await open();
    const whole = unitToPixel(width, height);
    await show(whole);
    await page.getByRole('combobox', { name: 'Handles' }).selectOption('bend');
    for (const [n, x, y] of [
      [5, 25, 12],
      [1, 14, 18],
    ] as const) {
      const handle = await page.getByRole('button', { name: `Control point ${n}` }).boundingBox();
      if (handle === null) throw new Error('the control point is not to be seen');
      const [left, top] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
      await page.mouse.move(left, top);
      await page.mouse.down();
      await page.mouse.move(left + x, top + y, { steps: 3 });
      await page.mouse.up();
    }
    await drawn(page);
    await page.getByRole('button', { name: 'Keep the nearest' }).click();
    await expect.poll(async () => (await client.transforms.one({ params })).pins?.length).toBe(9);
    const { pins } = await client.transforms.one({ params });
    const toCanonical = invert(whole);
    const parameters = (pins ?? []).map(({ image: [u, v] }) => applyPoint(toCanonical, u, v));
    expect(Math.abs(parameters[4].x)).toBeGreaterThan(0.02);
    const listed = parameters.flatMap(({ x, y }) => [`parameters=${x}`, `parameters=${y}`]).join('&');
    const { most } = await difference(page, `${picture}?family=tps9&${listed}&width=SIDE&height=SIDE`);
    expect(most).toBeLessThanOrEqual(2);
  });
});
