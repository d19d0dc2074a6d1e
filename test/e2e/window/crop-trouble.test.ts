import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { chain, rotate, scale, translate } from '../../../core/geometry/matrix.ts';
import { hasBrowser } from '../../support/browser.ts';
import { writePhotos } from '../../support/generated-photos.ts';
import { knownPoses } from '../../support/known-poses.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { openWindow } from '../../support/window.ts';

const exactCrop = (page: Page) => page.locator('canvas[data-exact="true"]').waitFor({ state: 'attached' });

/** What is on the canvas of the crop, once it says that it is exact. */
async function exactPixels(page: Page): Promise<string> {
  await exactCrop(page);
  return await page.evaluate<string>(`(() => {
    const canvas = document.querySelector('canvas[data-exact="true"]');
    const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
    context.drawImage(canvas, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data.toString();
  })()`);
}

/** Holds answers to requests back until they are let go. */
async function holdBack(page: Page, requests: (url: URL) => boolean): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  await page.route(requests, async (route) => {
    await promise;
    await route.continue();
  });
  return () => resolve(undefined);
}

describe.skipIf(!hasBrowser)('the crop of Inspect', () => {
  it('has the same pixels in the same pose, whatever of the original came first or was looked at before', async () => {
    const [photo] = await writePhotos(join(temporaryFolder(), 'drawn'), 1, { seed: 3 });
    const small = join(temporaryFolder(), 'small.jpg');
    await sharp(photo).resize(320).toFile(small);
    const world = await knownPoses([small], [chain(translate(170, 115), rotate(0.3), scale(70))]);
    const { page } = await openWindow({ world });
    /* The copy of the whole is 320 wide, a part is not. */
    const letGo = await holdBack(
      page,
      (url) => url.pathname.endsWith('/warp') && url.searchParams.get('width') === '320',
    );
    await page.evaluate(`location.hash = '#/p/${world.open.id}/inspect/${world.images[0]}'`);
    const found = await exactPixels(page);
    letGo();
    await page.waitForResponse((answer) => answer.url().includes('width=320'));
    const at = { params: { project: world.open.id, run: world.run, image: world.images[0] } };
    const scaleField = page.getByLabel('Scale', { exact: true });
    const first = await scaleField.inputValue();
    for (const [x, half] of [
      [60, 20],
      [120, 110],
    ]) {
      const matrix = chain(translate(x, 115), rotate(-0.2), scale(half));
      await world.client.transforms.edit({ ...at, body: { matrix: [...matrix] } });
      await expect.poll(() => scaleField.inputValue()).not.toBe(first);
      expect(await exactPixels(page)).not.toBe(found);
      await world.client.transforms.reset({
        params: { project: world.open.id, run: world.run },
        body: { selection: { images: [world.images[0]] } },
      });
      await expect.poll(() => scaleField.inputValue()).toBe(first);
      expect((await exactPixels(page)) === found).toBe(true);
    }
  });

  it('is drawn from the exact pixels where frames come late, and again after the graphics card was lost', async () => {
    const world = await knownPoses(await writePhotos(join(temporaryFolder(), 'drawn'), 1, { seed: 3 }), [
      chain(translate(2000, 1500), scale(1000)),
    ]);
    const { page } = await openWindow({ world, hash: `#/p/${world.open.id}/collection` });
    await page.evaluate(`{
      window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 400);
      window.cancelAnimationFrame = clearTimeout;
      location.hash = '#/p/${world.open.id}/inspect/${world.images[0]}';
    }`);
    await exactCrop(page);

    await page.evaluate(`{
      const canvas = document.querySelector('canvas[data-exact]');
      const card = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
      canvas.addEventListener('webglcontextlost', () => {
        canvas.dataset.exact = 'lost';
        setTimeout(() => card.restoreContext());
      });
      card.loseContext();
    }`);
    await exactCrop(page);
    const colours = `(() => {
      const canvas = document.querySelector('canvas[data-exact]');
      const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      context.drawImage(canvas, 0, 0);
      return new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
    })()`;
    expect(await page.evaluate<number>(colours)).toBeGreaterThan(100);
  });
});
