import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { createDoorFiles } from '../../core/engine/http/door-files.ts';
import { startBrowser } from './browser.ts';
import { openDoor } from './door.ts';
import type { EngineWorld } from './engine-world.ts';
import { engineWorld } from './engine-world.ts';
import { softwareGraphics, softwareGraphicsNotes } from './graphics.ts';

/** How a window is opened. */
export interface WindowOptions {
  /** The engine behind it; a new one by default. `filledProject()` is one with a project that has images. */
  readonly world?: EngineWorld;
  /** A door that is open already, such as that of `startServe`, instead of one for `world`. */
  readonly address?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly theme?: 'light' | 'dark';
  /** Where the window begins, such as `#/p/PROJECT/collection`. */
  readonly hash?: string;
  /** Messages on the console that this test provokes. */
  readonly expected?: RegExp;
}

/** A window in a real browser. */
export interface OpenWindow {
  readonly page: Page;
  readonly browser: Browser;
  /** The door with its token, for other windows of the same engine. */
  readonly address: string;
}

/**
 * `CONGEAL_LATE=2000 npx vitest run test/e2e/window` lets every answer of the engine come up to so many milliseconds late:
 * what depends on who is faster then shows itself.
 */
const latest = Number(process.env['CONGEAL_LATE'] ?? 0);

/** Opens the window in a real browser for the current test, which fails where the page reports an error. */
export async function openWindow(options: WindowOptions = {}): Promise<OpenWindow> {
  const address =
    options.address ?? (await openDoor((options.world ?? engineWorld()).engine, await createDoorFiles())).address;
  const browser = await startBrowser(softwareGraphics);
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  if (latest > 0)
    await context.route('**/api/**', async (route) => {
      await wait(latest * Math.random());
      await route.continue().catch(() => undefined);
    });
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  const problems = problemsOf(page, options.expected);
  // The token goes as it is spent; the place is gone to afterwards.
  await page.goto(address);
  if (options.hash !== undefined) await page.evaluate(`location.hash = ${JSON.stringify(options.hash)}`);
  onTestFinished(() => expect(problems).toEqual([]));
  return { page, browser, address };
}

/** What the page says is wrong, from now on. */
function problemsOf(page: Page, expected: RegExp | undefined): readonly string[] {
  const problems: string[] = [];
  const say = (text: string) => {
    if (expected?.test(text) !== true && !softwareGraphicsNotes.test(text)) problems.push(text);
  };
  page.on('pageerror', (error) => say(error.stack ?? error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) say(`${message.text()} ${message.location().url}`);
  });
  return problems;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Finds nothing that keeps anybody out (axe-core, WCAG 2.2 AA and best practices) in what the page shows now. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate<readonly Violation[]>('axe.run().then(({ violations }) => violations)');
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 300)} ${failureSummary ?? ''}`),
    })),
  ).toEqual([]);
}

/** Turns dark, then light, and finds nothing that keeps anybody out in either. */
export async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
}

/** Resolves when a number of pictures of the page have really been painted. */
export async function paintedPictures(page: Page, selector: string, atLeast: number): Promise<void> {
  const painted = `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((image) => image.naturalWidth > 0).length`;
  await expect.poll(() => page.evaluate<number>(painted), { timeout: 120_000 }).toBeGreaterThanOrEqual(atLeast);
}
