import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startBrowser } from '../browser.ts';
import { StandInApp } from './app.ts';
import { browserWindowClass } from './browser-window.ts';
import { StandInMenu } from './menu.ts';
import type { ProtocolHandler } from './origin.ts';
import { openOrigin } from './origin.ts';
import { StandInSession } from './session.ts';

/** How a stand-in is started. */
export interface StandInOptions {
  /** The built main script. */
  readonly main: string;
  /** Words behind the program and its folder. */
  readonly words: readonly string[];
  readonly userData: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly isFirst: boolean;
}

/** A shell that runs in this process, with windows in a real Chromium. */
export interface StandIn {
  /** What the shell's scripts got for `electron`. */
  readonly electron: Readonly<Record<string, unknown>>;
  readonly app: StandInApp;
  /** The page of the window that is open. */
  readonly page: () => Promise<Page>;
  /** The address in the browser for one of the shell. */
  readonly toBrowser: (address: string) => string;
  readonly announce: (files: Readonly<Record<string, string>>) => Promise<void>;
}

type Handler = (event: unknown, ...words: readonly unknown[]) => unknown;

/**
 * Runs the shell's built main script with a stand-in for the `electron` module. What Electron's own parts would do, a real
 * Chromium does: it runs the built preload script and the built page, and enforces the policy that the shell answers.
 * Different is that `app://congeal` is an http origin of this machine, because Chromium cannot be taught a scheme from
 * outside; that preload and page share one world, kept apart by copies as the bridge between contexts does; and that there
 * is no sandboxed operating system around it: roles of menus, title bars and system dialogs are recorded, not shown.
 */
export async function startStandIn({ main, words, userData, environment, isFirst }: StandInOptions): Promise<StandIn> {
  const origin = await openOrigin();
  onTestFinished(() => origin.close());
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const handlers = new Map<string, Handler>();
  const session = new StandInSession();
  const Window = browserWindowClass({
    context,
    origin,
    session,
    app: () => app,
    invoke: async (event, channel, given) => {
      const handler = handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return await handler(event, ...given);
    },
  });
  const app = new StandInApp({
    userData,
    isFirst,
    closeWindows: async () => {
      for (const window of Window.getAllWindows()) await window.close(true);
    },
  });
  const nativeTheme = Object.assign(new EventEmitter(), { themeSource: 'system', shouldUseDarkColors: false });
  const electron = {
    app,
    BrowserWindow: Window,
    Menu: StandInMenu,
    nativeTheme,
    session: { defaultSession: session },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    ipcMain: { handle: (channel: string, handler: Handler) => void handlers.set(channel, handler) },
    dialog: {
      showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
      showSaveDialog: () => Promise.resolve({ canceled: true, filePath: '' }),
    },
    shell: { openExternal: () => Promise.resolve(), showItemInFolder: () => undefined },
    protocol: {
      registerSchemesAsPrivileged: () => {
        if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      },
      handle: (_scheme: string, handler: ProtocolHandler) => origin.handle(handler),
    },
  };
  runMain(main, { electron, argv: ['electron', '.', ...words], environment });
  app.becomeReady();
  const openWindow = () => {
    const [window] = Window.getAllWindows();
    return window;
  };
  return {
    electron,
    app,
    toBrowser: origin.toBrowser,
    page: () => openWindow().webContents.page,
    announce: (files) => openWindow().webContents.announce(files),
  };
}

interface MainSurroundings {
  readonly electron: Readonly<Record<string, unknown>>;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a built script as Node runs one, but for `electron` and for what it sees of its process. */
function runMain(main: string, { electron, argv, environment }: MainSurroundings): void {
  const load = createRequire(main);
  const ownProcess = Object.create(process, {
    argv: { value: argv },
    env: { value: { ...process.env, ...environment } },
    resourcesPath: { value: join(dirname(main), 'resources') },
  }) as NodeJS.Process;
  const run = compileFunction(
    readFileSync(main, 'utf8'),
    ['require', 'module', 'exports', '__filename', '__dirname', 'process'],
    { filename: main },
  ) as (...given: readonly unknown[]) => void;
  const requireHere = (name: string): unknown => (name === 'electron' ? electron : load(name));
  const made = { exports: {} };
  run(requireHere, made, made.exports, main, dirname(main), ownProcess);
}
