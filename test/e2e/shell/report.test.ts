import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../core/store/ids.ts';
import { giveMean } from '../../support/known-poses.ts';
import { knownRun, projectWorld } from '../../support/project-world.ts';
import { shells } from '../../support/shell-under-test.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe.each(shells)('the desktop window in %s', (_name, start) => {
  it('saves the report of an alignment where a person says, and copies text', async () => {
    const world = await projectWorld(4);
    await giveMean(world.open, Number(knownRun(world)) as RunId);
    const { path } = world.open;
    world.engine.projects.close(world.open.id);
    const { page, evaluate } = await start({ words: [path] });
    const saved = join(temporaryFolder(), 'report.html');
    await evaluate(({ dialog }, target) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: target });
    }, saved);
    await page.getByRole('link', { name: 'Align', exact: true }).click();
    await page.getByRole('button', { name: 'Report…' }).click();
    await page.getByText('The report was saved as report.html.').waitFor();
    expect(existsSync(saved)).toBe(true);
    expect(readFileSync(saved, 'utf8')).toContain('figure-0.png');
    await page.bringToFront();
    expect(await page.evaluate(`navigator.clipboard.writeText('a place').then(() => 'copied', String)`)).toBe('copied');
  });
});
