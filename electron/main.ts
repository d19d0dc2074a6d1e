import { Menu, app, session, shell as system } from 'electron';
import { join } from 'node:path';
import { chooseFolder, chooseProjects } from './dialogs.ts';
import { enginePlace } from './engine/engine-place.ts';
import { mayOpenExternally } from './external-links.ts';
import { guardContents, guardSession } from './guards.ts';
import type { RecentItem } from './menu.ts';
import { menuTemplate } from './menu.ts';
import { answerRequests } from './messages.ts';
import { pathsAmong, wordsAfterProgram } from './opened-files.ts';
import { openPageFiles } from './page-files.ts';
import { pageRequests } from './page-requests.ts';
import { registerAppScheme, serveApp } from './protocol.ts';
import { Shell } from './shell.ts';

const { platform, resourcesPath } = process;
const { isPackaged } = app;
const top = join(__dirname, '..', '..');

if (app.requestSingleInstanceLock()) run();
else app.quit();

function run(): void {
  registerAppScheme();
  app.enableSandbox();
  guardContents(app, follow);
  const shell = new Shell({
    engine: enginePlace({ isPackaged, top, resources: resourcesPath, platform }),
    preload: join(__dirname, 'preload.cjs'),
    placeFile: join(app.getPath('userData'), 'window.json'),
    icon: join(top, 'dist', 'icons', 'png', '256x256.png'),
    hasDeveloperTools: !isPackaged,
    onRecent: (recent) => showMenu(shell, recent),
  });
  const opened: string[] = [...pathsAmong(wordsAfterProgram(process.argv, isPackaged), process.cwd())];
  const open = (paths: readonly string[]) => {
    shell.show();
    shell.open(paths).catch(noteFailure);
  };
  app.on('second-instance', (_event, words, folder) => open(pathsAmong(wordsAfterProgram(words, isPackaged), folder)));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (app.isReady()) open([path]);
    else opened.push(path);
  });
  app.on('activate', () => shell.show());
  app.on('window-all-closed', () => {
    if (platform !== 'darwin') app.quit();
  });
  endWithEngine(shell);
  app
    .whenReady()
    .then(async () => {
      guardSession(session.defaultSession);
      serveApp(openPageFiles(join(top, 'dist', 'renderer')), (request, path) => shell.forward(request, path));
      answerRequests(pageRequests(shell));
      showMenu(shell, []);
      await shell.start();
      await shell.open(opened);
    })
    .catch(noteFailure);
}

/** The program is not over before its engine has put everything in order. */
function endWithEngine(shell: Shell): void {
  let isOver = false;
  app.on('will-quit', (event) => {
    if (isOver) return;
    event.preventDefault();
    void shell.stop().finally(() => {
      isOver = true;
      app.quit();
    });
  });
}

function showMenu(shell: Shell, recent: readonly RecentItem[]): void {
  const ask = (choose: () => Promise<void>) => () => void choose().catch(noteFailure);
  const template = menuTemplate({
    platform,
    recent,
    follow,
    hasDeveloperTools: !isPackaged,
    tell: (command) => shell.tell(command),
    openProject: ask(async () => shell.open(await chooseProjects(shell.window), 'project')),
    addImages: ask(async () => {
      const folder = await chooseFolder(shell.window, 'images');
      if (folder !== undefined) await shell.open([folder], 'images');
    }),
    forgetRecent: ask(async () => {
      const { commands } = await shell.client();
      for (const { id } of recent) await commands.projects.forget({ params: { recent: id } });
    }),
    showLog: ask(async () => {
      system.showItemInFolder((await (await shell.client()).locate({ kind: 'log' })).path);
    }),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function follow(address: string): void {
  if (mayOpenExternally(address)) system.openExternal(address).catch(noteFailure);
}

function noteFailure(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
