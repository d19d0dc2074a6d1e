import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser, startBrowser } from '../support/browser.ts';
import { drawCollection } from '../support/collection.ts';
import { startServe } from '../support/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';

const count = 12;

/** Resolves when a number of pictures of the collection have really been painted. */
async function painted(page: Page, kind: 'thumbnail' | 'aligned', wanted: number): Promise<void> {
  const loaded = `[...document.querySelectorAll('.grid img')].filter((image) => image.naturalWidth > 0 && image.src.includes('${kind}')).length`;
  await expect.poll(() => page.evaluate<number>(loaded), { timeout: 120_000 }).toBeGreaterThanOrEqual(wanted);
}

/** Drops a picture that the page has drawn itself on the page. */
const dropPicture = `(async () => {
  const canvas = document.createElement('canvas');
  canvas.width = 200;
  canvas.height = 160;
  const pen = canvas.getContext('2d');
  for (let n = 0; n < 400; n += 1) {
    pen.fillStyle = 'hsl(' + ((n * 47) % 360) + ' 60% 50%)';
    pen.fillRect((n * 31) % 200, (n * 17) % 160, 20, 12);
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], 'dropped.png', { type: 'image/png' }));
  dispatchEvent(new DragEvent('drop', { dataTransfer: transfer }));
})()`;

describe.skipIf(!hasBrowser)('the page of the door in a real browser', () => {
  it('goes the whole way: folder, thumbnails, find and cancel, align, export, start page', async () => {
    const root = temporaryFolder();
    await drawCollection('beetles', join(root, 'beetles'), count);
    const { address, command } = await startServe(['--root', root], temporaryFolder());
    const browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1024, height: 700 } });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(address);
    expect(page.url()).not.toContain('token');

    await page.getByLabel('Name of the project').fill('Beetles');
    await page.getByRole('button', { name: 'Choose a folder of images…' }).click();
    await page.getByRole('button', { name: 'beetles' }).click();
    await page.getByText(`${count} images directly in it`).waitFor();
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    await painted(page, 'thumbnail', count);
    expect(await page.locator('h1').textContent()).toBe('Beetles');

    await page.evaluate(dropPicture);
    await page.getByText(`${count + 1} images`, { exact: true }).waitFor();
    await painted(page, 'thumbnail', count + 1);

    await page.getByRole('button', { name: 'Find the object' }).click();
    await page.locator('.run progress').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled').waitFor();

    const project = new URL(page.url()).hash.slice(1);
    await page.evaluate(async (id) => {
      const body = JSON.stringify({ learn: false, size: 64, family: 'similarity', threads: 2 });
      const headers = { 'Content-Type': 'application/json' };
      await fetch(`/api/projects/${id}/runs/align`, { method: 'POST', headers, body });
    }, project);
    await page.getByText(`Align: ${count + 1} images`).waitFor({ timeout: 240_000 });
    await painted(page, 'aligned', count);
    await page.getByAltText('Mean of all images').waitFor();

    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    const dataset = () => readdirSync(root).find((name) => existsSync(join(root, name, 'metadata.jsonl')));
    await expect.poll(dataset, { timeout: 120_000 }).toBeTruthy();
    const lines = readFileSync(join(root, dataset() ?? '', 'metadata.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(count / 2);

    await page.getByTitle('All projects').click();
    await page
      .getByRole('button', { name: /Beetles/ })
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    command.kill('SIGINT');
    expect(await command.finished).toMatchObject({ status: 0, stderr: '' });
  });
});
