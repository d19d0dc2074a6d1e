import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { knownRun, projectWorld } from '../../support/project-world.ts';
import { tinyEncoder } from '../../support/tiny-encoder.ts';
import { expectAccessible, openWindow } from '../../support/window.ts';

/** A window on a project with six images, aligned as they were drawn: image n has similarity n / 10. */
async function windowOn(screen: string, expected?: RegExp) {
  const world = await projectWorld(6);
  const run = knownRun(world);
  const { page } = await openWindow({
    world,
    hash: `#/p/${world.open.id}/${screen}`,
    ...(expected === undefined ? {} : { expected }),
  });
  return { ...world, page, at: { params: { project: world.open.id, run } } };
}

describe.skipIf(!hasBrowser)('the screens of results', () => {
  it('scores are sorted, brushed by numbers and rejected together', async () => {
    const { page, client, at, images } = await windowOn('scores');
    const rows = page.getByRole('region', { name: 'Table of scores' }).getByRole('row');
    await rows.filter({ hasText: 'figure-0.png' }).waitFor();
    const names = () => page.locator('tbody td.name').allTextContents();
    expect(await names()).toEqual([0, 1, 2, 3, 4, 5].map((n) => `figure-${n}.png`));
    await page.getByRole('button', { name: 'Similarity to the mean' }).click();
    await expect.poll(names).toEqual([5, 4, 3, 2, 1, 0].map((n) => `figure-${n}.png`));

    await page.getByLabel('Across').selectOption('similarity');
    const from = page.getByLabel('Similarity to the mean from');
    await from.fill('0.35');
    await from.press('Enter');
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Reject' }).click();
    const rejected = async () => {
      const { transforms } = await client.transforms.page({ ...at, query: { decision: ['rejected'] } });
      return transforms.map(({ image }) => image);
    };
    await expect.poll(rejected).toEqual(images.slice(4));
    await page.getByRole('cell', { name: 'Rejected' }).first().waitFor();
    await expectAccessible(page);
  });

  it('ranges are selected on histograms, by pointer and by key', async () => {
    const { page } = await windowOn('scores');
    const name = 'Similarity to the mean';
    const histogram = page.getByRole('group', { name: `${name}: how its values are spread` });
    await histogram.waitFor();
    await expectAccessible(page);
    const place = await histogram.boundingBox();
    if (place === null) throw new Error('the histogram is not to be seen');
    const [middle, y] = [place.x + place.width / 2, place.y + place.height / 2];
    await page.mouse.move(middle, y);
    await page.mouse.down();
    await page.mouse.move(place.x + place.width - 1, y, { steps: 4 });
    await page.mouse.up();
    await page.getByText('3 selected').waitFor();
    const upper = histogram.getByRole('slider', { name: `${name}: to` });
    await upper.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('2 selected').waitFor();
    expect(Number(await upper.getAttribute('aria-valuetext'))).toBeLessThan(0.5);
    await page.getByLabel('Only selected').check();
    await expect.poll(() => page.locator('tbody td.name').allTextContents()).toHaveLength(2);
    await expectAccessible(page);
    await page.mouse.click(middle + place.width / 4, y);
    await page.getByText('0 selected').waitFor();
    await expect.poll(() => page.locator('tbody td.name').allTextContents()).toHaveLength(6);
  });

  it('an export is previewed, written and can be opened', async () => {
    const { page, client, at, images, root } = await windowOn('export');
    await client.transforms.reject({ ...at, body: { selection: { images: [images[1]] } } });
    await page.getByText('1 image left out: they were rejected').waitFor();
    await page.getByText('5 crops').first().waitFor();
    const size = page.getByRole('spinbutton', { name: 'Side', exact: true });
    await size.fill('48');
    await size.press('Enter');
    await page.getByLabel('New folder').fill('beetles 48');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const folder = join(root, 'beetles 48');
    await page.getByRole('region', { name: 'Written datasets' }).getByText('5 crops').waitFor();
    expect(existsSync(join(folder, 'metadata.jsonl'))).toBe(true);
    const written = readFileSync(join(folder, 'metadata.jsonl'), 'utf8').trim().split('\n');
    const records = written.map((line) => JSON.parse(line) as { file_name: string; width: number; split: string });
    expect(records.map(({ width }) => width)).toEqual([48, 48, 48, 48, 48]);
    expect(records.map(({ file_name }) => file_name.replace('images/', '')).sort()).toEqual(
      readdirSync(join(folder, 'images')).sort(),
    );
    expect(new Set(records.map(({ split }) => split)).has('train')).toBe(true);
  });

  it('models are imported, looked at, refused and removed', async () => {
    const { page, client } = await windowOn('models', /422/);
    const file = page.locator('input[type=file][accept=".onnx"]');
    await page.getByRole('button', { name: 'Import an ONNX file' }).waitFor();
    await file.setInputFiles({ name: 'broken.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from('no') });
    await page.getByRole('alert').getByText('broken.onnx').waitFor();
    expect((await client.models.list()).models.filter(({ source }) => source === 'imported')).toEqual([]);
    const buffer = Buffer.from(tinyEncoder());
    await file.setInputFiles({ name: 'tiny.onnx', mimeType: 'application/octet-stream', buffer });
    const detail = page.getByRole('region', { name: 'Chosen model' });
    await detail.getByText('Can be used here').waitFor();
    await detail.getByText('pixels').waitFor();
    await expectAccessible(page);
    await detail.getByRole('button', { name: 'Remove' }).click();
    const imported = async () => (await client.models.list()).models.filter(({ source }) => source === 'imported');
    await expect.poll(imported).toEqual([]);
  });
});
