import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type * as Electron from 'electron';
import type { Page } from 'playwright-core';
import { _electron as electronLauncher } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { hasBrowser } from './browser.ts';
import { dropFiles } from './drop-files.ts';
import { startStandIn } from './electron-stand-in/stand-in.ts';
import { temporaryFolder } from './temporary.ts';

const top = resolve(import.meta.dirname, '../..');
const main = join(top, 'dist', 'electron', 'main.cjs');

/** The desktop shell as tests see it: the same for the real binary and for the stand-in in a real Chromium. */
export interface ShellUnderTest {
  /** The window's page. */
  readonly page: Page;
  /** The address by which the browser knows one of `app://congeal`. */
  readonly toBrowser: (address: string) => string;
  /** Runs a function where `electron` is; it must not use anything but its arguments. */
  readonly evaluate: <Result, Argument>(
    run: (electron: typeof Electron, argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ) => Promise<Result>;
  /** Drops files of the disk on the middle of the window. */
  readonly drop: (paths: readonly string[]) => Promise<void>;
  readonly stateFolder: string;
  readonly userData: string;
  /** Resolves when the program is over. */
  readonly quit: () => Promise<void>;
}

/** How a shell is started. */
export interface StartOptions {
  /** Files named on the command line. */
  readonly words?: readonly string[];
  readonly userData?: string;
}

/** Where Electron's own binary lies; undefined where it was never fetched or cannot open a window. */
function realBinary(): string | undefined {
  const folder = join(top, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return undefined;
  const isBlind = process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  const binary = join(folder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(binary) && !isBlind ? binary : undefined;
}

type Start = (options?: StartOptions) => Promise<ShellUnderTest>;

/** The shells that can be started here: the stand-in wherever there is a browser, the real one where its binary is. */
export const shells: readonly (readonly [name: string, start: Start])[] = [
  ...(hasBrowser ? [['the stand-in', startOnStandIn] as const] : []),
  ...(realBinary() === undefined ? [] : [['Electron', startOnElectron] as const]),
];

async function startOnStandIn({
  words = [],
  userData = temporaryFolder(),
}: StartOptions = {}): Promise<ShellUnderTest> {
  const stateFolder = join(userData, 'state');
  const standIn = await startStandIn({
    ...{ main, words, userData, isFirst: true },
    environment: environmentOf(userData),
  });
  const quit = async () => {
    standIn.app.quit();
    await standIn.app.hasQuit;
  };
  onTestFinished(quit, 60_000);
  await expect.poll(() => standIn.app.isReady(), { timeout: 60_000 }).toBe(true);
  const page = await standIn.page();
  await page.waitForURL(standIn.toBrowser('app://congeal/') + '**');
  return {
    ...{ page, stateFolder, userData, quit, toBrowser: standIn.toBrowser },
    evaluate: async (run, argument) => await run(standIn.electron as unknown as typeof Electron, argument),
    drop: async (paths) => {
      await standIn.announce(Object.fromEntries(paths.map((path) => [basename(path), path])));
      await dropFiles(page, paths);
    },
  };
}

async function startOnElectron({
  words = [],
  userData = temporaryFolder(),
}: StartOptions = {}): Promise<ShellUnderTest> {
  const isRoot = process.getuid?.() === 0;
  const program = await electronLauncher.launch({
    executablePath: realBinary() ?? '',
    args: [...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${userData}`, top, ...words],
    env: { ...(process.env as Record<string, string>), ...environmentOf(userData) },
  });
  const quit = () => program.close();
  onTestFinished(quit, 60_000);
  const page = await program.firstWindow();
  return {
    ...{ page, userData, quit, stateFolder: join(userData, 'state') },
    toBrowser: (address) => address,
    evaluate: (run, argument) => program.evaluate(run as never, argument) as never,
    drop: (paths) => dropFiles(page, paths),
  };
}

function environmentOf(userData: string): Readonly<Record<string, string>> {
  return { CONGEAL_STATE: join(userData, 'state'), CONGEAL_CACHE: join(userData, 'cache') };
}
