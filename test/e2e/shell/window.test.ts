import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shells } from '../../support/shell-under-test.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe.each(shells)('the desktop window in %s', (_name, start) => {
  it('is isolated, sandboxed, without Node, and shows the program', async () => {
    const { page, evaluate } = await start();
    const preferences = await evaluate(({ BrowserWindow }) => {
      const [{ webContents }] = BrowserWindow.getAllWindows();
      return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    }, undefined);
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const seen = await page.evaluate(`({
      node: [typeof require, typeof process, typeof module, typeof Buffer],
      bridge: Object.keys(window.congeal).sort(),
      isFrozen: Object.isFrozen(window.congeal),
    })`);
    expect(seen).toEqual({
      node: ['undefined', 'undefined', 'undefined', 'undefined'],
      bridge: ['onCommand', 'pathsOfDrop', 'pickFiles', 'pickFolder', 'restartEngine', 'reveal', 'saveAs'],
      isFrozen: true,
    });
  });

  it('goes nowhere else, opens no windows, gets no permissions, and loads nothing from outside', async () => {
    const { page, evaluate } = await start();
    await evaluate(({ shell, app }) => {
      const opened: string[] = [];
      Object.assign(app, { opened });
      shell.openExternal = (address) => Promise.resolve(void opened.push(address));
    }, undefined);
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const address = page.url();
    for (const there of ['https://example.org/', 'http://127.0.0.1:9/', 'file:///etc/passwd', 'data:text/html,x'])
      await page.evaluate(`location.href = ${JSON.stringify(there)}`).catch(() => undefined);
    for (const link of ['https://arxiv.org/abs/1506.02025', 'https://example.org/'])
      await page.evaluate(`void window.open(${JSON.stringify(link)}, '_blank')`);
    const opened = () => evaluate(({ app }) => (app as unknown as { opened: string[] }).opened, undefined);
    await expect.poll(opened, { timeout: 60_000 }).toEqual(['https://arxiv.org/abs/1506.02025']);
    await expect.poll(() => page.context().pages().length, { timeout: 60_000 }).toBe(1);
    const answers = await page.evaluate(`Promise.all([
      fetch('https://example.org/').then(() => 'loaded', () => 'refused'),
      new Promise((answer) => navigator.geolocation.getCurrentPosition(() => answer('granted'), ({ code }) => answer(code))),
      navigator.permissions.query({ name: 'clipboard-read' }).then(({ state }) => state),
      Promise.resolve(Notification.permission),
    ])`);
    expect(answers).toEqual(['refused', 1, expect.not.stringMatching('granted'), 'denied']);
    expect(page.url()).toBe(address);
  });

  it('has a policy that a browser enforces: no code or style in the page, no frames, no forms', async () => {
    const { page } = await start();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const refused = await page.evaluate(`(async () => {
      const refused = [];
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective));
      const add = (name, values) => document.body.append(Object.assign(document.createElement(name), values));
      add('script', { textContent: 'window.wasRun = true' });
      add('style', { textContent: 'body { color: red }' });
      add('iframe', { src: '/index.html' });
      add('img', { src: 'https://example.org/x.png' });
      add('object', { data: '/icon.svg' });
      setTimeout('window.wasRun = true');
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { refused: [...new Set(refused)].sort(), wasRun: window.wasRun === true };
    })()`);
    const directives = ['frame-src', 'img-src', 'object-src', 'script-src', 'script-src-elem', 'style-src-elem'];
    expect(refused).toEqual({ refused: directives, wasRun: false });
  });

  it('stands where it stood, even if what remembers that is broken', async () => {
    const userData = temporaryFolder();
    const file = join(userData, 'window.json');
    const first = await start({ userData });
    const moved = { x: 60, y: 40, width: 1000, height: 700 };
    await first.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0].setBounds(bounds), moved);
    await first.quit();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ width: 1000, height: 700, isMaximised: false });
    const second = await start({ userData });
    const bounds = (shell: typeof second) =>
      shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getNormalBounds(), undefined);
    expect(await bounds(second)).toMatchObject({ width: 1000, height: 700 });
    await second.quit();
    writeFileSync(file, '{"width": -5');
    expect((await bounds(await start({ userData }))).width).toBeGreaterThanOrEqual(800);
  });
});
