import sparticuz from '@sparticuz/chromium';
import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Where an installed Chrome or Chromium is; one that the environment names comes first. */
const installed = [
  process.env['CHROME_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
].find((path) => path !== '' && existsSync(path));

/** Whether a real browser can be started here: an installed one, or on Linux x64 the one that npm brought. */
export const hasBrowser = installed !== undefined || (process.platform === 'linux' && process.arch === 'x64');

/** Starts a real browser for the current test, in English and without any of the user's settings. */
export async function startBrowser(words: readonly string[] = []): Promise<Browser> {
  const browser = await launchBrowser(words);
  onTestFinished(() => browser.close());
  return browser;
}

/** Starts a browser as `startBrowser` does; whoever calls closes it. */
export async function launchBrowser(words: readonly string[] = []): Promise<Browser> {
  const common = ['--no-sandbox', '--disable-dev-shm-usage', '--lang=en', ...words];
  return chromium.launch(
    installed === undefined
      ? // Not its own arguments: they switch off what keeps sites apart, and with it what is tested.
        { executablePath: await sparticuz.executablePath(), args: ['--no-zygote', ...common] }
      : { executablePath: installed, args: common },
  );
}
