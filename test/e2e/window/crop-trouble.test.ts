import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chain, scale, translate } from '../../../core/geometry/matrix.ts';
import { hasBrowser } from '../../support/browser.ts';
import { writePhotos } from '../../support/generated-photos.ts';
import { knownPoses } from '../../support/known-poses.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { openWindow } from '../../support/window.ts';

const exactCrop = (page: Page) => page.locator('canvas[data-exact="true"]').waitFor({ state: 'attached' });

describe.skipIf(!hasBrowser)('the crop of Inspect', () => {
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
