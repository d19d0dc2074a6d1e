import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DesktopCommand } from '../../../core/contract/desktop.ts';
import type { ShellUnderTest } from '../../support/shell-under-test.ts';
import { shells } from '../../support/shell-under-test.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { traversals } from '../../support/traversals.ts';

/** Machines may be busy; nothing here is timed. */
const patient = { timeout: 60_000 };

/** What dialogs answer from now on, and what the shell asks of the system. */
async function answerDialogs(shell: ShellUnderTest, open: readonly string[], save = ''): Promise<void> {
  await shell.evaluate(
    ({ dialog, shell: system, app }, [paths, target]) => {
      const shown: string[] = [];
      Object.assign(app, { shown });
      dialog.showOpenDialog = () => Promise.resolve({ canceled: paths.length === 0, filePaths: [...paths] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: target === '', filePath: target });
      system.showItemInFolder = (path) => void shown.push(path);
    },
    [open, save] as const,
  );
}

/** Collects what the page is told from now on. */
async function listen({ page }: ShellUnderTest): Promise<() => Promise<readonly DesktopCommand[]>> {
  await page.evaluate(`window.heard = []; void window.congeal.onCommand((command) => window.heard.push(command))`);
  return () => page.evaluate('window.heard');
}

/** Clicks an item of the menu bar, found by its labels from the bar down. */
async function click({ evaluate }: ShellUnderTest, labels: readonly string[]): Promise<void> {
  await evaluate(({ Menu, BrowserWindow }, wanted) => {
    let menu = Menu.getApplicationMenu();
    for (const label of wanted) {
      const item = menu?.items.find((one) => one.label.replaceAll('&', '') === label);
      if (item === undefined)
        throw new Error(`There is no ${label} among ${String(menu?.items.map((one) => one.label))}.`);
      if (item.submenu === undefined) {
        const [window] = BrowserWindow.getAllWindows();
        (item.click as (...given: unknown[]) => void)({}, window, window.webContents);
      }
      menu = item.submenu ?? null;
    }
  }, labels);
}

describe.each(shells)('what the page asks of the shell in %s', (_name, start) => {
  it('is answered with grants of dialogs and drops, never with paths; saving and revealing are done for it', async () => {
    const shell = await start();
    const { page, evaluate, toBrowser } = shell;
    const folder = join(temporaryFolder(), 'my photos');
    const project = join(folder, 'one.congeal');
    const [photo, saved] = [join(folder, 'photo.jpg'), join(folder, 'saved.json')];
    mkdirSync(folder);
    for (const file of [project, photo]) writeFileSync(file, 'x');
    const ask = (text: string) => page.evaluate(`window.congeal.${text}`);

    await answerDialogs(shell, [folder], saved);
    const grant = { id: expect.any(String) as string, name: 'my photos', kind: 'folder', writable: true };
    const granted = await ask(`pickFolder('images')`);
    expect(granted).toEqual(grant);
    expect(JSON.stringify(granted)).not.toContain(folder);
    expect(await ask(`pickFiles('project')`)).toEqual([{ ...grant, kind: 'folder' }]);
    expect(await ask(`saveAs({ address: '/api/versions', name: 'versions.json' })`)).toBe('saved.json');
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toHaveProperty('versions.congeal');
    expect(await ask(`saveAs({ address: '/api/models/none', name: 'x' }).catch(({ message }) => message)`)).toMatch(
      /model/,
    );
    await ask(`reveal({ kind: 'log' })`);
    const shown = await evaluate(({ app }) => (app as unknown as { shown: string[] }).shown, undefined);
    expect(shown).toEqual([join(shell.stateFolder, 'logs', 'engine.log')]);
    await answerDialogs(shell, []);
    expect(await ask(`pickFolder('export')`)).toBeUndefined();

    for (const wrong of [
      `pickFolder('everything')`,
      `pickFolder()`,
      `pickFiles('/etc/passwd')`,
      `saveAs({ address: 'https://example.org/', name: 'x' })`,
      `saveAs({ address: '/shell/grants', name: 'x' })`,
      `reveal({ kind: 'file', path: '/etc/passwd' })`,
    ])
      expect(await ask(`${wrong}.then(() => 'answered', ({ message }) => message)`)).toMatch(/does not fit/);

    await page.evaluate(`
      addEventListener('dragover', (event) => event.preventDefault());
      window.dropped = new Promise((resolve) => addEventListener('drop', (event) => {
        event.preventDefault();
        resolve(window.congeal.pathsOfDrop([...event.dataTransfer.files, new File(['x'], 'photo.jpg')]));
      }));
      void 0`);
    await shell.drop([project, photo]);
    const file = { name: 'one.congeal', kind: 'project', writable: true };
    expect(await page.evaluate('window.dropped')).toEqual([{ ...grant, ...file }, undefined, undefined]);

    // The browser itself asks: what is no file of the build is nothing, however it is spelt.
    const spelt = traversals().filter((path) => !['/', '/index.html'].includes(new URL(path, 'http://a').pathname));
    const statuses = await page.evaluate<readonly number[]>(
      `Promise.all(${JSON.stringify(spelt)}.map((path) => fetch(path).then(({ status }) => status, () => 404)))`,
    );
    expect(statuses.length).toBeGreaterThanOrEqual(200);
    expect([...new Set(statuses)]).toEqual([404]);
    const openPipe = `fetch('/shell/grants', { method: 'POST', body: '{}' }).then(({ status }) => status)`;
    expect(await page.evaluate(openPipe)).toBe(404);
    expect(page.url()).toContain(toBrowser('app://congeal/'));
  });

  it('is told what menus, other instances and the system want, and that streams flow', async () => {
    const shell = await start();
    const { page, evaluate } = shell;
    const folder = join(temporaryFolder(), 'Congeal & more.congeal');
    writeFileSync(folder, 'x');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const heard = await listen(shell);
    await click(shell, ['Edit', 'Undo']);
    await click(shell, ['File', 'New Project…']);
    await expect.poll(heard, patient).toEqual([
      { kind: 'command', id: 'edit.undo' },
      { kind: 'command', id: 'project.new' },
    ]);
    const roles = await evaluate(({ Menu }) => {
      const [edit] = (Menu.getApplicationMenu()?.items ?? []).filter(({ label }) => label.includes('Edit'));
      return edit.submenu?.items.map(({ role }) => role?.toLowerCase()).filter((role) => role !== undefined);
    }, undefined);
    expect(roles).toEqual(['cut', 'copy', 'paste', 'delete', 'selectall']);

    await evaluate(({ app }, path) => void app.emit('second-instance', {}, ['electron', '.', path], '/'), folder);
    const opened = { kind: 'open', grants: [expect.objectContaining({ name: 'Congeal & more.congeal' })] };
    await expect.poll(heard, patient).toEqual([expect.anything(), expect.anything(), opened]);
    await evaluate(({ app }, path) => {
      const objections: string[] = [];
      app.emit('open-file', { preventDefault: () => objections.push(path) }, path);
      if (objections.length === 0) throw new Error('open-file was left to the system.');
    }, folder);
    await expect.poll(async () => (await heard()).length, patient).toBe(4);
    await answerDialogs(shell, [folder]);
    await click(shell, ['File', 'Open Project…']);
    await expect.poll(async () => (await heard()).length, patient).toBe(5);

    // A project that the engine knows appears in the menu and is told by its id.
    const made = `fetch('/api/projects', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'A & B', place: PLACE }),
    }).then((answer) => answer.json())`;
    const place = await evaluate(({ app }) => app.getPath('userData'), undefined);
    await answerDialogs(shell, [place]);
    const grant = await page.evaluate<{ readonly id: string }>(`window.congeal.pickFolder('project')`);
    await page.evaluate(made.replace('PLACE', JSON.stringify(grant.id)));
    expect(existsSync(join(place, 'A & B.congeal'))).toBe(true);
    await expect
      .poll(
        () =>
          evaluate(
            ({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items[0].label,
            undefined,
          ),
        patient,
      )
      .toBe('A && B');
    await evaluate(({ Menu }) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items[0];
      (item?.click as () => void)();
    }, undefined);
    await expect.poll(async () => (await heard()).at(-1), patient).toMatchObject({ kind: 'open-recent' });
  });
});
