import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { alignedProject } from '../../support/aligned-project.ts';
import { hasBrowser } from '../../support/browser.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

/**
 * `CONGEAL_PICTURES=docs/screens npx vitest run test/e2e/window/tour.test.ts test/e2e/window/learn.test.ts` makes the pictures
 * of the documentation anew.
 */
const pictures = process.env['CONGEAL_PICTURES'];

const screens = [
  'collection',
  'find',
  'align',
  'inspect',
  'annotate',
  'scores',
  'export',
  'models',
  'settings',
] as const;

const sizes = [
  { theme: 'light', viewport: { width: 1440, height: 900 } },
  { theme: 'dark', viewport: { width: 1024, height: 700 } },
] as const;

/** Looks in a row, 100 ms apart, at which nothing may be under way. */
const quietLooks = 5;

/** Says when nothing is loading any more: no answer is awaited but the stream of events, pictures are there, no part is busy. */
function watchLoading(page: Page): () => Promise<void> {
  const awaited = new Set<Request>();
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.endsWith('/events')) awaited.add(request);
  });
  const answered = (request: Request): boolean => awaited.delete(request);
  page.on('requestfinished', answered).on('requestfailed', answered);
  const busy = `document.querySelectorAll('[aria-busy="true"]').length + [...document.images].filter(({ complete }) => !complete).length`;
  return async () => {
    let quiet = 0;
    const look = async (): Promise<number> => {
      quiet = awaited.size === 0 && (await page.evaluate<number>(busy)) === 0 ? quiet + 1 : 0;
      return quiet;
    };
    await expect.poll(look, { timeout: 120_000, interval: 100 }).toBeGreaterThanOrEqual(quietLooks);
    await page.evaluate('document.fonts.ready.then(() => new Promise(requestAnimationFrame))');
  };
}

/** Nothing sticks out of the window: a page that scrolls sideways hides what stands there. */
async function expectFits(page: Page): Promise<void> {
  expect(
    await page.evaluate(
      '[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]',
    ),
  ).toEqual([0, 0]);
}

describe.skipIf(!hasBrowser)('every screen', () => {
  it('fits, shuts nobody out and reports no error, wide and light as well as narrow and dark', async () => {
    const { engine, client, root, stateFolder, project, images } = await alignedProject(24);
    const world = { engine, client, root, stateFolder };
    const folder = pictures ?? temporaryFolder();
    mkdirSync(folder, { recursive: true });
    for (const { theme, viewport } of sizes) {
      const { page } = await openWindow({ world, theme, viewport, hash: '#/start' });
      const settled = watchLoading(page);
      for (const screen of ['start', ...screens] as const) {
        const image = screen === 'inspect' || screen === 'annotate' ? `/${images[3] ?? ''}` : '';
        const place = screen === 'start' ? '#/start' : `#/p/${project}/${screen}${image}`;
        await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
        await expect.poll(() => page.evaluate('location.hash')).toContain(screen);
        await settled();
        await page.screenshot({ path: join(folder, theme === 'light' ? `${screen}.png` : `${screen}-dark.png`) });
        await expectFits(page);
        await expectAccessible(page);
      }
    }
  });
});
