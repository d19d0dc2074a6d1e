import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../support/browser.ts';
import { projectWorld } from '../../support/project-world.ts';
import { expectAccessibleInBothThemes, openWindow, paintedPictures } from '../../support/window.ts';

/** A window on a screen where a run goes on that takes long enough to be looked at. */
async function windowOn(kind: 'find' | 'align') {
  const world = await projectWorld(48);
  const { client, open } = world;
  const params = { project: open.id };
  const { run } = await client.runs[kind]({ params, body: {} });
  const { page } = await openWindow({ world, hash: `#/p/${open.id}/${kind}` });
  const at = { params: { ...params, run } };
  await page.getByRole('region', { name: 'Progress' }).getByRole('button', { name: 'Pause' }).waitFor();
  return {
    page,
    /** What was looked at was a run that goes on, and still does. */
    stillRuns: async () => expect((await client.runs.one(at)).status).toBe('running'),
    end: async () => client.runs.cancel(at),
  };
}

/** Opens what the toolbar says of a run. */
async function openActivity(page: Page): Promise<void> {
  await page.getByRole('banner').locator('button[aria-haspopup=dialog]').click();
  await page.getByRole('dialog', { name: 'Activity' }).getByRole('progressbar').waitFor();
}

describe.skipIf(!hasBrowser)('while a run goes on', () => {
  it('nobody is shut out of a search that is looked at', async () => {
    const { page, stillRuns, end } = await windowOn('find');
    await paintedPictures(page, 'figure img[alt^="Mean of the crops"]', 1);
    await page.getByRole('list', { name: 'Where it looks just now' }).getByRole('listitem').first().waitFor();
    await expectAccessibleInBothThemes(page);
    await stillRuns();
    await end();
  });

  it('nobody is shut out of an alignment that is looked at, nor of what the toolbar says of it', async () => {
    const { page, stillRuns, end } = await windowOn('align');
    await paintedPictures(page, 'img[alt^="Mean, frame"]', 1);
    const poses = page.getByRole('list', { name: 'Images as they lie just now' });
    await poses.getByRole('button').first().waitFor();
    await expectAccessibleInBothThemes(page);
    await openActivity(page);
    await expectAccessibleInBothThemes(page);
    await stillRuns();
    await end();
  });
});
