import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Client } from '../../../core/contract/client.ts';
import { createClient } from '../../../core/contract/client.ts';
import { numberOption } from '../../support/bench-options.ts';
import { launchBrowser } from '../../support/browser.ts';
import { startCli } from '../../support/cli.ts';
import { writePhotos } from '../../support/generated-photos.ts';

/**
 * Milliseconds: of a drag until the crop is drawn, and of a frame while the original is zoomed and moved. At 60 frames a
 * second one follows another after 16.7, give or take; one that is missed makes it 33, and 25 tells them apart.
 */
const target = { cropP95: 50, frameP95: 25 };

/**
 * WebGL drawn by the processor, and everything else as Chromium itself does it without a graphics card. Tests send the
 * page's own drawing through SwiftShader too, and a movement then takes twice as long.
 */
const withoutCard = ['--enable-unsafe-swiftshader'];

/**
 * Drags the handle for turning over an original of 24 megapixels: from each movement of the pointer until the crop is on
 * the canvas, read back so that nothing is only promised. Then zooms and moves the original, frame by frame.
 *
 * Arguments: `--moves 120`, `--seed 1`.
 */
export async function run(emit: (figure: Record<string, unknown>) => void, args: readonly string[]): Promise<void> {
  const moves = numberOption(args, '--moves') ?? 120;
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-'));
  await writeOriginals(join(folder, 'photos'), numberOption(args, '--seed') ?? 1);
  const served = startCli(['serve', '--no-open', '--root', folder], { env: { CONGEAL_STATE: join(folder, 'state') } });
  const browser = await launchBrowser(withoutCard);
  try {
    const address = await served.matched(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/);
    const project = await alignedProject(address);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(address);
    await page.evaluate(`location.hash = '#/p/${project}/inspect'`);
    await page.locator('canvas[data-exact="true"]').waitFor({ state: 'attached', timeout: 120_000 });
    await page.locator('canvas[data-busy="false"]').waitFor({ state: 'attached' });
    const crops = await dragTimes(page, moves);
    emit(figureOf('drag', crops, target.cropP95));
    const frames = await frameTimes(page, moves);
    emit(figureOf('zoom and pan', frames, target.frameP95));
  } finally {
    await browser.close();
    served.kill('SIGINT');
    await served.finished;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Four photos of 24 megapixels. */
async function writeOriginals(folder: string, seed: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const drawn = join(folder, '..', 'drawn');
  for (const [n, path] of (await writePhotos(drawn, 4, { seed })).entries())
    await sharp(path)
      .resize(6000, 4000, { fit: 'fill' })
      .jpeg({ quality: 90 })
      .toFile(join(folder, `${n}.jpg`));
}

async function alignedProject(address: string): Promise<string> {
  const { origin, searchParams } = new URL(address);
  const client: Client<AbortSignal> = createClient<AbortSignal>({
    base: origin,
    token: searchParams.get('token') ?? '',
    fetch: (to, { signal, ...request }) => fetch(to, { ...request, ...(signal ? { signal } : {}) }),
  });
  const [root] = (await client.folders.roots()).roots;
  const { folders } = await client.folders.list({ params: { folder: root.id } });
  const photos = folders.find(({ name }) => name === 'photos')?.id ?? '';
  const grant = await client.folders.choose({ params: { folder: photos }, body: { purpose: 'images' } });
  const { project, run } = await client.projects.create({ body: { name: 'Drag', images: grant.id } });
  const params = { project: project.id };
  const ended = async (one: string) => {
    while ((await client.runs.one({ params: { ...params, run: one } })).finishedAt === null) await wait(200);
  };
  await ended(run ?? '');
  const body = { learn: false, size: 32, rotation: 36, family: 'similarity' } as const;
  await ended((await client.runs.align({ params, body })).run);
  return project.id;
}

/**
 * Milliseconds from each movement of the pointer until the crop has been drawn and read back, in the frame that draws it:
 * whoever looks in the next frame only adds a frame to each.
 */
async function dragTimes(page: Page, moves: number): Promise<readonly number[]> {
  return await page.evaluate<readonly number[]>(`(async (count) => {
    const canvas = document.querySelector('canvas[data-exact]');
    const handle = document.querySelector('[aria-label="Turn the frame"]');
    const gl = canvas?.getContext('webgl2');
    if (canvas === null || handle === null || gl === null || gl === undefined) throw new Error('Nothing to drag.');
    const { left, top, width, height } = handle.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const fire = (name, at) =>
      handle.dispatchEvent(
        new PointerEvent(name, { bubbles: true, pointerId: 1, buttons: 1, clientX: x + at, clientY: y + at / 3 }),
      );
    const nextDrawing = (of) =>
      new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve();
        });
        observer.observe(of, { attributeFilter: ['data-drawn'] });
      });
    handle.setPointerCapture = () => undefined;
    fire('pointerdown', 0);
    const times = [];
    for (let n = 1; n <= count; n++) {
      const begun = performance.now();
      const drawn = nextDrawing(canvas);
      fire('pointermove', 60 * Math.sin(n / 9));
      await drawn;
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      times.push(performance.now() - begun);
    }
    fire('pointerup', 0);
    return times;
  })(${moves})`);
}

/** Milliseconds between frames while the wheel turns in and out over the original. */
async function frameTimes(page: Page, moves: number): Promise<readonly number[]> {
  return await page.evaluate<readonly number[]>(`(async (count) => {
    const canvas = document.querySelector('canvas[data-busy]');
    if (canvas === null) throw new Error('Nothing to zoom.');
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const times = [];
    let before = performance.now();
    for (let n = 0; n < count; n++) {
      const clientX = left + width * (0.5 + 0.3 * Math.sin(n / 11));
      const deltaY = 60 * Math.sign(Math.sin(n / 20));
      canvas.dispatchEvent(
        new WheelEvent('wheel', {
          bubbles: true,
          cancelable: true,
          clientX,
          clientY: top + height / 2,
          deltaY: -deltaY,
        }),
      );
      await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(performance.now() - before);
      before = performance.now();
    }
    return times.slice(1);
  })(${moves})`);
}

function figureOf(what: string, times: readonly number[], most: number): Record<string, unknown> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]) / 10;
  return {
    what,
    times: times.length,
    p50: at(0.5),
    p95: at(0.95),
    load: Math.round(10 * loadavg()[0]) / 10,
    target: Math.round(10 * most) / 10,
    reached: at(0.95) < most,
  };
}
