import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { engineWorld } from '../../support/engine-world.ts';
import { drawGlyphs, writeGlyphFolders } from '../../support/glyph-set.ts';
import { projectWorld } from '../../support/project-world.ts';
import { expectAccessible, expectAccessibleInBothThemes, openWindow, paintedPictures } from '../../support/window.ts';

/** Where the picture of the documentation goes when it is made anew; `tour.test.ts` says how. */
const pictures = process.env['CONGEAL_PICTURES'];

/** A project with drawn glyphs, a folder for each of the three kinds. */
async function glyphProject(perClass: number) {
  const world = engineWorld();
  const folder = join(world.root, 'glyphs');
  await writeGlyphFolders(folder, drawGlyphs(perClass, 3));
  const images = world.engine.grants.add(folder, 'images');
  const made = await world.client.projects.create({ body: { name: 'Glyphs', images } });
  return { world, project: made.project.id };
}

describe.skipIf(!hasBrowser)('learning from labels', () => {
  it('says what is missing where there are no classes, and takes tags as soon as there are', async () => {
    const world = await projectWorld(6);
    const { client, images } = world;
    const params = { project: world.open.id };
    const { page } = await openWindow({ world, hash: `#/p/${world.open.id}/models` });
    await page.getByRole('link', { name: 'Learn from labels' }).click();
    await page.getByRole('heading', { name: 'There are no classes to tell apart yet' }).waitFor();
    await page.getByText('The 6 images of this project do not lie in two folders or more.').waitFor();
    expect(await page.getByRole('button', { name: 'Learn', exact: true }).isDisabled()).toBe(true);
    expect(
      await page.getByRole('link', { name: 'Learn from labels' }).evaluate('document.activeElement.href'),
    ).toContain('models/learn');
    await expectAccessibleInBothThemes(page);
    for (const [n, name] of ['left', 'right'].entries()) {
      const { id: tag } = await client.tags.create({ params, body: { name } });
      const selection = { images: images.slice(3 * n, 3 * n + 3) };
      await client.tags.assign({ params: { ...params, tag }, body: { selection } });
    }
    await page.getByRole('heading', { name: 'Learn to tell 2 classes apart' }).waitFor();
    await page.getByText('The smallest class has 3 images.').waitFor();
    await expectAccessible(page);
  });

  it('a classifier is trained on folders, paused, and says how often it errs and where it looks', async () => {
    const { world, project } = await glyphProject(30);
    const { page } = await openWindow({
      world,
      hash: `#/p/${project}/models/learn`,
      viewport: { width: 1440, height: 900 },
    });
    const form = page.getByRole('form', { name: 'Options of the training' });
    await page.getByRole('heading', { name: 'Learn to tell 3 classes apart' }).waitFor();
    await form.getByText('bar', { exact: true }).waitFor();
    await form.getByLabel('Network', { exact: true }).selectOption({ label: 'Window, then plain layers' });
    await form.getByLabel('How its window moves').selectOption({ label: 'Shift, zoom and turn' });
    for (const [label, value] of [
      ['Size of the images', '16'],
      ['Epochs at most', '60'],
    ] as const) {
      await form.getByLabel(label).fill(value);
      await form.getByLabel(label).press('Tab');
    }
    await form.getByText('For experts').click();
    await form.getByLabel('Patience').fill('0');
    await form.getByLabel('Patience').press('Tab');
    await expectAccessibleInBothThemes(page);
    await form.getByRole('button', { name: 'Learn', exact: true }).click();

    const progress = page.getByRole('region', { name: 'Progress' });
    await progress.getByText(/loss \d/).waitFor();
    await page.getByRole('img', { name: /^Loss while training/ }).waitFor();
    await progress.getByRole('button', { name: 'Pause' }).click();
    await progress.getByRole('status').getByText('Paused').waitFor();
    await expectAccessibleInBothThemes(page);
    await page.reload();
    await progress.getByRole('button', { name: 'Resume' }).click();

    const test = page.getByRole('region', { name: 'Test', exact: true });
    await test.getByRole('heading', { name: /^Wrong in [\d.]+ % of the test images$/ }).waitFor();
    const [{ figures, id: run, status }] = (await world.client.runs.page({ params: { project } })).runs;
    expect(status).toBe('done');
    const [wrong, tested] = [Number(figures['wrong answers']), Number(figures['test examples'])];
    expect(tested).toBe(18);
    await test.getByText(`named ${tested - wrong} rightly and ${wrong} wrongly`).waitFor();
    await test.getByText(/expect an error between [\d.]+ % and [\d.]+ % \(95 % confidence\)/).waitFor();
    const learned = page.getByRole('region', { name: 'Models that were learned' });
    await learned.getByText('classifier.onnx').waitFor();
    const looks = page.getByRole('region', { name: 'Where it looks' });
    await paintedPictures(page, 'section.looks img', 12);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'learn.png') });
    await page.setViewportSize({ width: 1024, height: 700 });
    await expectAccessibleInBothThemes(page);
    await looks.getByText('What it sees').click();
    await expectAccessible(page);

    const report = await page.getByRole('link', { name: 'Open the report' }).getAttribute('href');
    const read = `fetch(${JSON.stringify(report)}).then((answer) => answer.text())`;
    expect(await page.evaluate<string>(read)).toContain('Confusion');

    await page.getByRole('link', { name: 'Models', exact: true }).first().click();
    const models = page.getByRole('region', { name: 'Learned in this project' });
    await models.getByText('Classifier · Learn 2', { exact: true }).waitFor();
    await page.goBack();
    await looks.getByRole('button').first().click();
    await page.getByRole('region', { name: 'Inspect', exact: true }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Result', exact: true }).inputValue()).toBe(run);
  });

  it("takes a network of one's own from a file, and says what is wrong with one that is none", async () => {
    const { world, project } = await glyphProject(12);
    const { page } = await openWindow({ world, hash: `#/p/${project}/models/learn` });
    const form = page.getByRole('form', { name: 'Options of the training' });
    const file = form.locator('input[type=file]');
    const choose = (name: string, text: string) =>
      file.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    await form.getByRole('button', { name: 'Choose a network file…' }).waitFor();
    await choose('broken.json', '{ "version": 1, "layers": [{ "kind": "no such layer" }] }');
    await form
      .getByRole('alert')
      .getByText(/broken\.json describes no network at layers\.0/)
      .waitFor();
    await expectAccessibleInBothThemes(page);
    const description = JSON.parse(readFileSync('resources/networks/st-fcn.json', 'utf8')) as object;
    await choose('my-own.json', JSON.stringify({ ...description, description: "A network of one's own" }));
    await form.getByText("A network of one's own").waitFor();
    expect(await form.getByLabel('Network', { exact: true }).inputValue()).toBe('from a file');
    await page.getByRole('button', { name: 'Learn', exact: true }).first().click();
    await expect
      .poll(
        async () =>
          (await world.client.runs.page({ params: { project }, query: { kind: ['learn'] } })).runs[0]?.options,
      )
      .toMatchObject({ net: { description: "A network of one's own" } });
  });

  it('is cancelled, says so, and can go on', async () => {
    const { world, project } = await glyphProject(12);
    const { page } = await openWindow({ world, hash: `#/p/${project}/models/learn` });
    const form = page.getByRole('form', { name: 'Options of the training' });
    await form.getByLabel('Network', { exact: true }).selectOption({ label: 'Window, then plain layers' });
    await form.getByLabel('Epochs at most').fill('1000');
    await form.getByLabel('Epochs at most').press('Tab');
    await form.getByText('For experts').click();
    await form.getByLabel('Patience').fill('0');
    await form.getByLabel('Patience').press('Tab');
    await page.getByRole('button', { name: 'Learn', exact: true }).first().click();
    const progress = page.getByRole('region', { name: 'Progress' });
    await progress.getByText(/loss \d/).waitFor();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'This run was cancelled' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'This run was cancelled' }).waitFor();
  });
});
