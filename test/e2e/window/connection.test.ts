import { join } from 'node:path';
import { describe, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { drawCollection } from '../../support/collection.ts';
import { startServe } from '../../support/serve.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { openWindow } from '../../support/window.ts';

describe.skipIf(!hasBrowser)('a window whose engine ends', () => {
  it('keeps a run over a reload, says that the engine has gone, and goes on with the next one', async () => {
    const root = temporaryFolder();
    const state = temporaryFolder();
    await drawCollection('beetles', join(root, 'beetles'), 12);
    const served = await startServe(['--root', root], state);
    const port = new URL(served.address).port;
    const { page, browser } = await openWindow({
      address: served.address,
      expected: /Failed to load resource|ERR_|network error|Failed to fetch|does not answer/i,
    });
    await page.getByRole('button', { name: 'Choose a folder of images…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'beetles' }).click();
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByText('12 images', { exact: true }).waitFor();

    const project = /p\/([\w-]+)/.exec(page.url())?.[1] ?? '';
    await page.evaluate(`fetch('/api/projects/${project}/runs/align', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ size: 128, threads: 1 }),
    })`);
    const activity = page.getByRole('button', { name: 'Align', exact: true });
    await activity.waitFor();
    await page.reload();
    await activity.waitFor();

    served.command.kill('SIGKILL');
    await served.command.finished;
    await page
      .getByRole('alert')
      .filter({ hasText: /does not answer|has ended/ })
      .waitFor();
    const next = await startServe(['--root', root, '--port', port], state);
    const other = await browser.contexts()[0].newPage();
    await other.goto(next.address);
    await page.getByRole('button', { name: 'Interrupted' }).click();
    await page.getByRole('button', { name: /^Go on/ }).waitFor();
    await page.getByText('12 images', { exact: true }).waitFor();
  });
});
