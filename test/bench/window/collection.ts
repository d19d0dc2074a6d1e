import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { createRandom } from '../../../core/geometry/random.ts';
import { createEngine } from '../../../core/engine/engine.ts';
import { createHandlers } from '../../../core/engine/handlers.ts';
import { createDoorFiles } from '../../../core/engine/http/door-files.ts';
import { listen } from '../../../core/engine/http/listen.ts';
import { writable } from '../../../core/engine/open-projects.ts';
import { numberOption } from '../../support/bench-options.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fillWithThumbnails } from '../../support/thumbnailed-collection.ts';

type Emit = (figure: Record<string, unknown>) => void;

/** Milliseconds that the browser gets to put a page away. */
const rest = 1000;

/** Wheel steps of a scroll, one a frame, and pixels of each. */
const steps = 240;
const stepPixels = 120;

/**
 * A collection whose thumbnails are in the cache: first paint, first thumbnails, frames while scrolling, jumps.
 *
 * Arguments: `--images N` (10,000).
 */
export async function run(emit: Emit, args: readonly string[]): Promise<void> {
  const count = numberOption([...args], '--images') ?? 10_000;
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-window-'));
  const engine = createEngine({
    stateFolder: join(folder, 'state'),
    cacheFolder: join(folder, 'cache'),
    roots: [folder],
  });
  const opened = engine.projects.open(join(folder, 'many.congeal'), { create: true });
  await fillWithThumbnails(engine, writable(opened), count, createRandom(1));
  const door = await listen({ engine, handlers: createHandlers(engine), files: await createDoorFiles() });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // The first visit ends before the second begins: what is left of a page half opened would be measured with it.
    await page.goto(door.address);
    await page.evaluate(untilPainted(true));
    await page.goto('about:blank');
    await wait(rest);
    const origin = `http://127.0.0.1:${door.port}`;
    await page.goto(`${origin}/#/p/${opened.id}/collection`, { waitUntil: 'commit' });
    const thumbnails = await page.evaluate<number>(untilPainted(false));
    const sharp = await page.evaluate<number>(untilPainted(true));
    const paint = await page.evaluate<number>(
      `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1`,
    );
    emit({ name: 'opening', images: count, firstPaintMilliseconds: paint, target: 1000 });
    emit({ name: 'opening', images: count, firstThumbnailsMilliseconds: thumbnails, target: 1500 });
    emit({ name: 'opening', images: count, sharpThumbnailsMilliseconds: sharp });
    emit({ name: 'scroll', ...(await scroll(page)), target: 25 });
    emit({ name: 'jump', ...(await jump(page)) });
  } finally {
    await browser.close();
    await door.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the page knows of its cells: those in sight, and whether one shows a picture, a sharp one where that is asked. */
const cells = `
  const grid = document.querySelector('[role=listbox]');
  const inSight = () => grid === null ? [] : [...grid.querySelectorAll('[role=option]')].filter((cell) => {
    const { top, bottom } = cell.getBoundingClientRect();
    return bottom > 60 && top < innerHeight;
  });
  const isShown = (cell, sharp) => {
    if (cell.querySelector('.broken') !== null) return true;
    const image = cell.querySelector('img');
    // What lies behind a cell is drawn in the same turn in which the cell says that it is.
    return (image?.complete === true && image.naturalWidth > 0) || (!sharp && cell.matches('.previewed'));
  };`;

/** Milliseconds of the page's life until every cell in sight shows its picture. */
const untilPainted = (sharp: boolean) => `new Promise((resolve) => {
  const look = () => {
    ${cells}
    const seen = inSight();
    if (seen.length > 12 && seen.every((cell) => isShown(cell, ${sharp}))) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Scrolls on by a step a frame and measures the frames, and for how long anything in sight was blank. */
async function scroll(page: Page): Promise<Record<string, number>> {
  const { frames, blank } = await page.evaluate<{ frames: number[]; blank: number }>(`new Promise((resolve) => {
    ${cells}
    const frames = [];
    let last = performance.now();
    let blankSince;
    let blank = 0;
    const step = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      const isBlank = inSight().some((cell) => !isShown(cell, false));
      if (!isBlank) blankSince = undefined;
      else blank = Math.max(blank, now - (blankSince ??= now));
      if (frames.length > ${steps}) resolve({ frames: frames.slice(1), blank });
      else { grid.scrollTop += ${stepPixels}; requestAnimationFrame(step); }
    };
    requestAnimationFrame(step);
  })`);
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { medianMilliseconds: at(0.5), p95Milliseconds: at(0.95), worstMilliseconds: at(1), longestBlank: blank };
}

/** Milliseconds until everything is painted after a leap with the scroll bar; the middle of several. */
async function jump(page: Page): Promise<Record<string, number>> {
  const [any, sharp]: [number[], number[]] = [[], []];
  for (const share of [0.5, 0.9, 0.2, 0.7, 0.35]) {
    const started = await page.evaluate<number>(`(() => {
      const grid = document.querySelector('[role=listbox]');
      grid.scrollTop = grid.scrollHeight * ${share};
      return performance.now();
    })()`);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    any.push((await page.evaluate<number>(untilPainted(false))) - started);
    sharp.push((await page.evaluate<number>(untilPainted(true))) - started);
  }
  const [sorted, sharpSorted] = [any, sharp].map((times) => times.toSorted((a, b) => a - b));
  return { medianMilliseconds: sorted[2], worstMilliseconds: sorted[4], sharpMedianMilliseconds: sharpSorted[2] };
}
