import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../support/is-alive.ts';
import type { ShellUnderTest } from '../../support/shell-under-test.ts';
import { shells } from '../../support/shell-under-test.ts';
import { expectAccessible } from '../../support/window.ts';

/** The engine's process, as its log names it. */
function enginePid({ stateFolder }: ShellUnderTest): number {
  const lines = readFileSync(join(stateFolder, 'logs', 'engine.log'), 'utf8')
    .trim()
    .split('\n');
  return (JSON.parse(lines.at(-1) ?? '') as { readonly pid: number }).pid;
}

describe.each(shells)('an engine that is killed behind %s', (_name, start) => {
  it('is told of on a page with the reason and the log, and can be started again; the end of the program ends it', async () => {
    const shell = await start();
    const { page } = shell;
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await page.evaluate(`location.hash = '#/settings'`);
    const health = `fetch('/api/health').then((answer) => answer.json())`;
    expect(await page.evaluate(health)).toMatchObject({ status: 'ready' });
    const first = enginePid(shell);
    process.kill(first, 'SIGKILL');
    await page.getByRole('heading', { name: 'The engine has ended' }).waitFor();
    await page.getByText('What happened').click();
    expect(await page.locator('#reason').innerText()).toContain('SIGKILL');
    expect(await page.locator('#log').innerText()).toContain(join(shell.stateFolder, 'logs', 'engine.log'));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    await page.getByRole('button', { name: 'Restart the engine' }).click();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    expect(page.url()).toMatch(/#\/settings$/);
    expect(await page.evaluate(health)).toMatchObject({ status: 'ready' });
    const second = enginePid(shell);
    expect(second).not.toBe(first);
    await shell.quit();
    await expect.poll(() => isAlive(second), { timeout: 60_000 }).toBe(false);
  });
});
