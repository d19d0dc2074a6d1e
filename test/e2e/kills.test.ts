import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWorkers } from '../../core/compute/supervisor/workers.ts';
import { alignOptions, exportOptions, findOptions } from '../../core/contract/options.ts';
import { align } from '../../core/engine/align.ts';
import { exportDataset } from '../../core/engine/export.ts';
import { find } from '../../core/engine/find.ts';
import { importImages } from '../../core/engine/images/import-images.ts';
import type { UseCaseContext } from '../../core/engine/use-case.ts';
import { createRandom } from '../../core/geometry/random.ts';
import { listImages } from '../../core/store/images.ts';
import { closeProject, openProject } from '../../core/store/project-file.ts';
import { runCli, startCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';
import { bytesIn, killCount, killWorkers } from '../support/killing.ts';

const folder = suiteFolder();
const images = join(folder, 'images');
const many = join(folder, 'many');
const aligned = join(folder, 'aligned');
process.env['CONGEAL_CACHE'] = join(folder, 'cache');

const running = { folder: images, seed: 3, threads: 1 };
/** So many workers are killed in one run at most: what is killed over one image too often is taken for its fault. */
const mostInOneRun = 6;

/** What is killed, as the engine does it and as the command line does it. */
const works = {
  find: {
    start: (out: string, context: UseCaseContext) => find(findOptions.parse({ ...running, out }), context),
    words: ['find', images, '--seed', '3', '--threads', '1', '--resume'],
  },
  align: {
    start: (out: string, context: UseCaseContext) =>
      align(alignOptions.parse({ ...running, rotation: 20, learn: false, out }), context),
    words: ['align', images, '--seed', '3', '--threads', '1', '--rotation', '20', '--no-learn', '--resume'],
  },
  export: {
    start: (out: string, context: UseCaseContext) =>
      exportDataset(exportOptions.parse({ source: aligned, out, size: 1024 }), context),
    words: ['export', aligned, '--size', '1024', '--force'],
  },
} as const;

const baselines = new Map<string, { readonly files: Record<string, string>; readonly seconds: number }>();

function baselineOf(name: string): { readonly files: Record<string, string>; readonly seconds: number } {
  return baselines.get(name) ?? { files: {}, seconds: 1 };
}

async function toEnd(messages: AsyncGenerator<unknown, unknown>): Promise<void> {
  for (let next = await messages.next(); next.done !== true; next = await messages.next());
}

/** Workers that are tried again at once, however often they die. */
function patientWorkers() {
  return createWorkers({ retries: { firstWait: 1, longestWait: 1, deaths: 1000 }, leaveMilliseconds: 100 });
}

beforeAll(async () => {
  await drawCollection('glyphs', images, 8);
  await drawCollection('beetles', many, 12);
  const started = performance.now();
  expect((await runCli([...works.align.words, '--out', aligned])).status).toBe(0);
  baselines.set('align', { files: bytesIn(aligned), seconds: (performance.now() - started) / 1000 });
  for (const name of ['find', 'export'] as const) {
    const begun = performance.now();
    const out = join(folder, `${name}, whole`);
    expect((await runCli([...works[name].words, '--out', out])).status).toBe(0);
    baselines.set(name, { files: bytesIn(out), seconds: (performance.now() - begun) / 1000 });
  }
});

describe.each(['find', 'align', 'export'] as const)('%s', (name) => {
  it('ends with the same bytes when its workers are killed at any moment', async () => {
    const { files, seconds } = baselineOf(name);
    const random = createRandom(1).fork(name);
    for (let left = killCount, n = 0; left > 0 && n < 3 * killCount; n++) {
      const out = join(folder, `${name}, workers killed ${n}`);
      const workers = patientWorkers();
      const done = toEnd(works[name].start(out, { signal: new AbortController().signal, workers }));
      left -= await killWorkers(workers, done, { random, most: Math.min(left, mostInOneRun), seconds });
      await workers.close();
      expect(bytesIn(out)).toEqual(files);
    }
  });

  it('ends with the same bytes when the engine is killed at any moment', async () => {
    const { files, seconds } = baselineOf(name);
    const random = createRandom(2).fork(name);
    const out = join(folder, `${name}, engine killed`);
    for (let left = killCount; left > 0; left--) {
      const run = startCli([...works[name].words, '--out', out]);
      const ended = run.finished.then(() => 'ended');
      if ((await Promise.race([ended, wait(random.uniform(0.1, 0.9) * 1000 * seconds)])) === 'ended') continue;
      run.kill('SIGKILL');
      await run.finished;
    }
    const last = await runCli([...works[name].words, '--out', out]);
    expect(last.stderr).not.toMatch(/congeal: /);
    expect(last.status).toBe(0);
    expect(bytesIn(out)).toEqual(files);
  });
});

describe('import', () => {
  const rowsOf = (file: string) => {
    const project = openProject(file, { readOnly: true });
    try {
      return listImages(project).map((image) => ({ ...image, addedAt: 0 }));
    } finally {
      closeProject(project);
    }
  };
  const plan = { folders: [many], mode: 'look', bringBack: false, allowDamaged: false } as const;

  async function importInto(
    file: string,
    kills?: { readonly most: number; readonly seconds: number; readonly seed: number },
  ) {
    const project = openProject(file, { create: true });
    const workers = patientWorkers();
    const limits = { pixels: 1e8, bytes: 1e8 };
    const context = { workers, signal: new AbortController().signal, limits, keep: () => undefined };
    const done = toEnd(importImages(project, plan, context));
    const killed =
      kills === undefined ? 0 : await killWorkers(workers, done, { ...kills, random: createRandom(kills.seed) });
    await done;
    await workers.close();
    closeProject(project);
    return killed;
  }

  it('knows the same images when its workers or the engine are killed at any moment, and keeps what it said', async () => {
    const whole = join(folder, 'whole.congeal');
    const started = performance.now();
    await importInto(whole);
    const seconds = (performance.now() - started) / 1000;
    const expected = rowsOf(whole).map(({ path, sha256 }) => ({ path, sha256 }));
    expect(expected).toHaveLength(12);
    const known = (file: string) => rowsOf(file).map(({ path, sha256 }) => ({ path, sha256 }));
    for (let left = killCount, n = 0; left > 0 && n < 3 * killCount; n++) {
      const file = join(folder, `workers-${n}.congeal`);
      left -= await importInto(file, { most: Math.min(left, mostInOneRun), seconds, seed: n + 1 });
      expect(known(file)).toEqual(expected);
    }

    const file = join(folder, 'engine.congeal');
    const program = resolve(import.meta.dirname, '../support/workers/import-process.ts');
    const random = createRandom(4);
    const said = new Set<number>();
    for (let left = killCount; left >= 0; left--) {
      const child = spawn(process.execPath, [program, many, file], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
      const closed = new Promise((fulfil) => child.once('close', fulfil));
      if (left > 0) await Promise.race([closed, wait(random.uniform(0.3, 1.5) * 1000 * seconds)]);
      if (left > 0) child.kill('SIGKILL');
      await closed;
      for (const [, ids] of text.matchAll(/^images (.*)$/gm)) for (const id of ids.split(' ')) said.add(Number(id));
      const kept = new Set<number>(left > 0 && said.size === 0 ? [] : rowsOf(file).map(({ id }) => id));
      for (const id of said) expect(kept.has(id)).toBe(true);
    }
    expect(known(file)).toEqual(expected);
  });
});
