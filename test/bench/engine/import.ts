import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createEngine } from '../../../core/engine/engine.ts';
import { startImport } from '../../../core/engine/images/import-run.ts';
import { createProject } from '../../../core/engine/projects/open-close.ts';
import { findRun } from '../../../core/store/runs.ts';
import { numberOption } from '../../support/bench-options.ts';
import { writePhotos } from '../../support/generated-photos.ts';

const target = { ratio: 0.85 };
const run = promisify(execFile);
const bare = fileURLToPath(new URL('../../support/bare-import.ts', import.meta.url));

/**
 * Files a second of an import, against a plain loop over sharp that does the same work and remembers nothing. Both take
 * turns over parts of the same files, so that what else the machine does meets both.
 *
 * Arguments: `--images 2000`, `--turns 4`, `--seed 1`.
 */
export async function importPhotos(
  emit: (figure: Record<string, unknown>) => void,
  args: readonly string[],
): Promise<void> {
  const images = numberOption(args, '--images') ?? 2000;
  const turns = numberOption(args, '--turns') ?? 4;
  const seed = numberOption(args, '--seed') ?? 1;
  const folder = mkdtempSync(join(tmpdir(), 'congeal-bench-'));
  try {
    const each = Math.ceil(images / turns);
    const times: { readonly bare: number; readonly engine: number }[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const part = join(folder, `part-${turn}`);
      const paths = await writePhotos(join(part, 'photos'), each, { seed, first: turn * each });
      const list = join(part, 'list.json');
      writeFileSync(list, JSON.stringify(paths));
      const measured = { bare: 0, engine: 0 };
      const order = turn % 2 === 0 ? (['bare', 'engine'] as const) : (['engine', 'bare'] as const);
      for (const who of order)
        measured[who] = who === 'bare' ? await timeBare(list) : await timeEngine(part, join(part, 'photos'), each);
      times.push(measured);
      rmSync(part, { recursive: true, force: true });
    }
    const sum = (who: 'bare' | 'engine') => times.reduce((seconds, one) => seconds + one[who], 0);
    const ratio = sum('bare') / sum('engine');
    emit({
      part: 'import',
      images: each * turns,
      filesPerSecond: round((each * turns) / sum('engine')),
      barePerSecond: round((each * turns) / sum('bare')),
      ratio: Math.round(ratio * 1000) / 1000,
      ratios: times.map((one) => Math.round((1000 * one.bare) / one.engine) / 1000),
      cores: availableParallelism(),
      load: round(loadavg()[0]),
      target,
      reached: ratio >= target.ratio,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeBare(list: string): Promise<number> {
  const { stdout } = await run(process.execPath, [bare, list]);
  return Number(stdout);
}

/** Seconds from the start of the import to its end; the worker is started within, as it is for a person. */
async function timeEngine(folder: string, photos: string, expected: number): Promise<number> {
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder);
  const engine = createEngine({ stateFolder, cacheFolder: join(folder, 'cache'), roots: [folder] });
  try {
    const { open } = createProject(engine, { name: 'Bench', folder }, () => undefined);
    const begun = performance.now();
    const id = startImport(engine, open, { folders: [photos], allowDamaged: false });
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const found = findRun(open.reader, id);
      if (found === undefined || found.finishedAt === null) continue;
      const figures = found.result?.['figures'] as { readonly added: number } | undefined;
      if (figures?.added !== expected) throw new Error(`the import took ${figures?.added ?? 0} of ${expected} files`);
      return (performance.now() - begun) / 1000;
    }
  } finally {
    await engine.close();
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
