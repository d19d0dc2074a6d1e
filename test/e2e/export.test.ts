import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Sample } from '../../core/compute/samples.ts';
import { writeBoxesCsv } from '../../core/datasets/boxes-csv.ts';
import { writeKeypointsCsv } from '../../core/datasets/keypoints-csv.ts';
import { readMetadataJsonl } from '../../core/datasets/metadata-jsonl.ts';
import { readTransformsCsv } from '../../core/datasets/transforms-csv.ts';
import { applyPoint } from '../../core/geometry/matrix.ts';
import { pixelPoint } from '../../core/geometry/units.ts';
import { runCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';

const folder = suiteFolder();
const work = join(folder, 'work');
const images = join(work, 'photos', 'in', 'here');
const aligned = join(work, 'aligned');
const found = join(work, 'photos', 'found');
let samples: readonly Sample[] = [];

beforeAll(async () => {
  samples = await drawCollection('glyphs', images, 8);
  const align = ['align', join(work, 'photos'), '--out', aligned, '--rotation', '20', '--no-learn', '--threads', '1'];
  expect((await runCli(align)).status).toBe(0);
  expect((await runCli(['find', join(work, 'photos'), '--out', found, '--threads', '1'])).status).toBe(0);
});

/** Reads a dataset's list and checks that its files are there. */
function listOf(dataset: string) {
  const rows = readMetadataJsonl(readFileSync(join(dataset, 'metadata.jsonl'), 'utf8'), 'metadata.jsonl');
  expect(rows.map(({ file_name }) => file_name)).toEqual(filesIn(dataset).sort());
  return rows;
}

function filesIn(dataset: string): string[] {
  const entries = readdirSync(join(dataset, 'images'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dataset.length + 1));
}

describe('export', () => {
  it('writes crops, hashes and transforms that belong together', async () => {
    const dataset = join(folder, 'dataset');
    const done = await runCli([
      'export',
      aligned,
      '--out',
      dataset,
      '--size',
      '256',
      '--flagged',
      '--interpolation',
      'nearest',
    ]);
    expect(done.status).toBe(0);
    const transforms = readTransformsCsv(readFileSync(join(aligned, 'transforms.csv'), 'utf8'), 'transforms.csv');
    const byFile = new Map(transforms.map((row) => [row.file, row.canonicalToImage]));
    const rows = listOf(dataset);
    expect(rows).toHaveLength(8);
    for (const row of rows) {
      const original = readFileSync(join(work, 'photos', row.source));
      expect(row.source_sha256).toBe(createHash('sha256').update(original).digest('hex'));
      expect(row.canonical_to_source).toEqual(byFile.get(row.source));
      const crop = await sharp(join(dataset, row.file_name)).raw().toBuffer({ resolveWithObject: true });
      expect([crop.info.width, crop.info.height]).toEqual([row.width, row.height]);
      const source = await sharp(original).raw().toBuffer({ resolveWithObject: true });
      const matrix = row.crop_to_source as unknown as Parameters<typeof applyPoint>[0];
      for (const [x, y] of [
        [80, 120],
        [160, 48],
        [128, 200],
      ]) {
        const place = applyPoint(matrix, x + 0.5, y + 0.5);
        const [column, line] = [Math.floor(place.x), Math.floor(place.y)];
        if (column < 0 || line < 0 || column >= source.info.width || line >= source.info.height) continue;
        const there = source.data[(line * source.info.width + column) * source.info.channels];
        expect(crop.data[(y * crop.info.width + x) * crop.info.channels]).toBe(there);
      }
    }
  });

  it('takes a project file, also one that has moved together with its images', async () => {
    const moved = join(folder, 'moved');
    const project = join(moved, 'aligned', 'project.congeal');
    renameSync(work, moved);
    onTestFinished(() => {
      renameSync(moved, work);
    });
    const dataset = join(folder, 'from-moved');
    const done = await runCli(['export', project, '--out', dataset, '--size', '16', '--flagged', '--image', 'webp']);
    expect(done.status).toBe(0);
    expect(listOf(dataset).map(({ source }) => source)).toEqual(samples.map(({ file }) => `in/here/${file}`).sort());
  });

  it('leaves out originals that are gone or have changed, and ends in an error when all are', async () => {
    const copy = join(folder, 'copy');
    execFileSync(process.execPath, [
      '-e',
      `fs.cpSync(${JSON.stringify(work)}, ${JSON.stringify(copy)}, {recursive: true})`,
    ]);
    const here = join(copy, 'photos', 'in', 'here');
    const [first, second, ...others] = readdirSync(here);
    rmSync(join(here, first));
    copyFileSync(join(here, others[0]), join(here, second));
    const run = join(copy, 'aligned');
    const some = await runCli(['export', run, '--out', join(folder, 'some'), '--size', '16', '--flagged', '--strict']);
    expect(some.stderr).toMatch(new RegExp(`could not use in/here/${first}: .* \\[missing\\]`));
    expect(some.stderr).toMatch(new RegExp(`could not use in/here/${second}: .* \\[changed\\]`));
    expect(some.status).toBe(1);
    expect(listOf(join(folder, 'some'))).toHaveLength(6);
    rmSync(here, { recursive: true });
    const none = await runCli(['export', run, '--out', join(folder, 'none'), '--flagged']);
    expect(none.stderr).toMatch(/congeal: None of the 8 originals/);
    expect(none.status).toBe(1);
    expect(existsSync(join(folder, 'none'))).toBe(false);
    expect(existsSync(join(folder, 'none.partial'))).toBe(false);
  });

  it('never replaces an original, nor a folder that happens to be called like its own', async () => {
    const photos = join(folder, 'dataset of photos');
    await drawCollection('glyphs', join(photos, 'images'), 3);
    const before = readFileSync(join(photos, 'images', 'ampersand-001.png'));
    const run = join(folder, 'run of photos');
    expect((await runCli(['find', join(photos, 'images'), '--out', run, '--threads', '1'])).status).toBe(0);
    const done = await runCli(['export', run, '--out', photos, '--force', '--flagged']);
    expect(done.stderr).toMatch(/ampersand-001\.png is an original and would be overwritten/);
    expect(done.status).toBe(2);
    expect(readFileSync(join(photos, 'images', 'ampersand-001.png'))).toEqual(before);
    mkdirSync(join(folder, 'mine.partial'));
    writeFileSync(join(folder, 'mine.partial', 'thesis.txt'), 'years of work');
    const blocked = await runCli(['export', run, '--out', join(folder, 'mine'), '--flagged']);
    expect(blocked.stderr).toMatch(/mine\.partial is needed for the export but holds 'thesis\.txt'/);
    expect(readdirSync(join(folder, 'mine.partial'))).toEqual(['thesis.txt']);
  });

  it('into a folder that is not empty adds and replaces only its own', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'thesis.txt'), 'years of work');
    expect((await runCli(['export', aligned, '--out', full, '--flagged'])).status).toBe(2);
    for (const size of ['24', '16'])
      expect((await runCli(['export', aligned, '--out', full, '--flagged', '--force', '--size', size])).status).toBe(0);
    expect(readdirSync(full).sort()).toEqual(['images', 'metadata.jsonl', 'thesis.txt']);
    expect(listOf(full).every(({ width }) => width === 16)).toBe(true);
  });

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)('survives a full disk', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return; // Not every container may mount.
    }
    onTestFinished(() => {
      execFileSync('umount', [disk]);
    });
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(4_120_000));
    const words = ['export', aligned, '--out', join(disk, 'dataset'), '--flagged', '--size', '256'];
    const full = await runCli(words);
    expect(full.stderr).toMatch(/^congeal: The disk is full: .*make room/m);
    expect(full.status).toBe(1);
    /* What was rendered is kept, as the line says. */
    expect(readdirSync(disk)).toEqual(['ballast', 'dataset.partial']);

    const find = ['find', join(work, 'photos'), '--out', join(disk, 'found'), '--threads', '1'];
    const search = await runCli(find);
    expect(search.stderr).toMatch(/^congeal: .*disk is full/m);
    expect(search.status).toBe(1);

    rmSync(join(disk, 'ballast'));
    expect((await runCli(words)).status).toBe(0);
    expect(listOf(join(disk, 'dataset'))).toHaveLength(8);
    rmSync(join(disk, 'dataset'), { recursive: true });
    expect((await runCli([...find, '--resume'])).status).toBe(0);
    expect(readFileSync(join(disk, 'found', 'boxes.csv'))).toEqual(readFileSync(join(found, 'boxes.csv')));
  });
});

describe('score', () => {
  const truthFor = (file: string) => `in/here/${file}`;

  it('measures boxes and points against the truth', async () => {
    const boxes = join(folder, 'true-boxes.csv');
    writeFileSync(
      boxes,
      writeBoxesCsv(
        samples.map(({ file, width, height, truth: { box } }) => ({
          ...{ file: truthFor(file), width, height, box },
          ...{ score: null, reason: '' },
        })),
      ),
    );
    const points = join(folder, 'points.csv');
    writeFileSync(points, writeKeypointsCsv(pointsCarried()));
    const carried = await runCli(['score', aligned, '--points', points, '--json']);
    expect(JSON.parse(carried.stdout)).toMatchObject({ 'PCK@0.1': 1, 'PCK@0.05': 1, images: 8, pairs: 56 });
    const corLoc = await runCli(['score', found, '--boxes', boxes, '--json']);
    const result = JSON.parse(corLoc.stdout) as Record<string, number>;
    expect(result['boxImages']).toBe(8);
    expect(result['CorLoc']).toBeGreaterThanOrEqual(0);
    expect(result['CorLoc']).toBeLessThanOrEqual(1);
    const wrong = await runCli(['score', found, '--boxes', points]);
    expect(wrong.stderr).toMatch(/^congeal: .*points\.csv, line 1/);
    expect(wrong.status).toBe(2);
  });

  /** Points that the alignment itself carries from image to image: they agree with it to the last digit. */
  function pointsCarried() {
    const transforms = readTransformsCsv(readFileSync(join(aligned, 'transforms.csv'), 'utf8'), 'transforms.csv');
    return transforms.map(({ file, canonicalToImage }) => {
      if (canonicalToImage === null) throw new Error(`${file} has no transform`);
      const points = [
        [-0.8, -0.7],
        [0.7, -0.5],
        [0.1, 0.9],
      ].map(([x, y]) => {
        const place = applyPoint(canonicalToImage, x, y);
        return pixelPoint(place.x, place.y);
      });
      return { file, points };
    });
  }
});

describe('collections', () => {
  it('a project file stands for the images that it remembers, by the same names', async () => {
    const out = join(folder, 'again');
    const done = await runCli(['find', join(aligned, 'project.congeal'), '--out', out, '--threads', '1']);
    expect(done.status).toBe(0);
    expect(readFileSync(join(out, 'boxes.csv'))).toEqual(readFileSync(join(found, 'boxes.csv')));
  });

  it('results of other runs inside the folder are no part of it', async () => {
    const photos = join(work, 'photos');
    mkdirSync(join(photos, 'old'));
    onTestFinished(() => {
      rmSync(join(photos, 'old'), { recursive: true });
    });
    for (const name of ['project.congeal', 'mean.png', 'std.png'])
      copyFileSync(join(aligned, name), join(photos, 'old', name));
    const out = join(photos, 'new');
    const done = await runCli(['find', photos, '--out', out, '--threads', '1']);
    expect(done.stderr).toMatch(/^old holds results of a run/m);
    expect(readFileSync(join(out, 'boxes.csv'))).toEqual(readFileSync(join(found, 'boxes.csv')));
    rmSync(out, { recursive: true });
  });
});
