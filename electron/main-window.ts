import type { WebPreferences } from 'electron';
import { existsSync } from 'node:fs';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { appAddress, isOurs } from './app-address.ts';
import { fitToScreens, readWindowPlace, smallest, writeWindowPlace } from './window-state.ts';

/** How a window of the program is made. */
export interface WindowOptions {
  /** The one bundle that runs before the page. */
  readonly preload: string;
  /** The file that remembers where the window stood. */
  readonly placeFile: string;
  readonly icon: string;
  readonly hasDeveloperTools: boolean;
}

/** What the page is and is not allowed, said in full although some of it is the default. */
function webPreferences({ preload, hasDeveloperTools }: WindowOptions): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    // Its dictionaries would be fetched.
    spellcheck: false,
    devTools: hasDeveloperTools,
  };
}

/** Opens the program's window where it stood last, and shows it when there is something to see. */
export function openMainWindow(options: WindowOptions): BrowserWindow {
  const place = fitToScreens(
    readWindowPlace(options.placeFile),
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const { x, y, width, height, isMaximised, isFullScreen } = place;
  const window = new BrowserWindow({
    ...(x === undefined || y === undefined ? {} : { x, y }),
    width,
    height,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Congeal',
    // Rendered when the program is packed; macOS and Windows take theirs from the program itself.
    ...(existsSync(options.icon) ? { icon: options.icon } : {}),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1b1b1b' : '#f4f4f4',
    webPreferences: webPreferences(options),
  });
  window.once('ready-to-show', () => {
    if (isMaximised) window.maximize();
    if (isFullScreen) window.setFullScreen(true);
    window.show();
  });
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    const now = { isMaximised: window.isMaximized(), isFullScreen: window.isFullScreen() };
    writeWindowPlace(options.placeFile, { x, y, width, height, ...now });
  });
  return window;
}

/** Shows the program, at the part of it that was shown before. */
export async function showProgram(window: BrowserWindow, hash = ''): Promise<void> {
  await load(window, appAddress + hash);
}

/** Shows that the engine has ended, why, and where more is noted. */
export async function showStopped(window: BrowserWindow, reason: string, log: string | undefined): Promise<void> {
  const query = new URLSearchParams({ reason, ...(log === undefined ? {} : { log }) });
  await load(window, `${appAddress}stopped.html?${query.toString()}`);
}

/** The part of the program that a window shows, as the end of its address; empty where it shows something else. */
export function shownHash(window: BrowserWindow): string {
  const address = window.webContents.getURL();
  const url = URL.parse(address);
  return isOurs(address) && url?.pathname === '/' ? url.hash : '';
}

/** Brings a window before the person's eyes. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** A load that another one replaces is no failure. */
async function load(window: BrowserWindow, address: string): Promise<void> {
  await window.loadURL(address).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code !== 'ERR_ABORTED') throw error;
  });
}
