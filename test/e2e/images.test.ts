import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBoxesCsv } from '../../core/datasets/boxes-csv.ts';
import { runCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';

const folder = suiteFolder();
const glyphs = join(folder, 'glyphs');
const unix = process.platform !== 'win32';

beforeAll(() => drawCollection('glyphs', glyphs, 16));

/** A folder under a name with some of the glyphs in it. */
function collection(name: string, count = 0): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const file of readdirSync(glyphs).slice(0, count)) copyFileSync(join(glyphs, file), join(path, file));
  return path;
}

/** A PNG file that promises many pixels and holds none. */
function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(64))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

describe('a folder in which much is wrong', () => {
  const names = ['-rf.png', '<img onerror=x>.png', '=cmd().png', 'quote"\'.png', 'beetle 🐞.png'];
  if (unix) names.push('line\nbreak.png', 'bell\u0007\u001b[31m.png');

  it('loses the broken files and keeps every other, by its name', async () => {
    const images = collection('mixed', 10);
    const [glyph] = readdirSync(images);
    for (const name of names) copyFileSync(join(glyphs, glyph), join(images, name));
    await sharp(join(images, glyph)).toColourspace('cmyk').jpeg().toFile(join(images, 'cmyk.jpg'));
    await sharp(join(images, glyph)).toColourspace('rgb16').tiff().toFile(join(images, 'sixteen.tif'));
    await sharp({ create: { width: 1, height: 4000, channels: 3, background: 'grey' } }).toFile(
      join(images, 'thin.png'),
    );
    writeFileSync(join(images, 'huge.png'), hugePng(30_000, 30_000));
    writeFileSync(join(images, 'text.jpg'), 'Dear diary');
    writeFileSync(join(images, 'empty.jpg'), '');
    const photo = await sharp(join(images, glyph)).jpeg().toBuffer();
    writeFileSync(join(images, 'truncated.jpg'), photo.subarray(0, photo.length / 2));
    mkdirSync(join(images, 'folder.jpg'));
    if (unix) execFileSync('mkfifo', [join(images, 'pipe.jpg')]);
    const broken = {
      'empty.jpg': 'empty',
      'huge.png': 'too-many-pixels',
      ...(unix ? { 'pipe.jpg': 'not-a-file' } : {}),
      'text.jpg': 'not-an-image',
      'truncated.jpg': 'truncated',
    };

    const out = join(folder, 'mixed-found');
    const done = await runCli(['find', images, '--out', out, '--threads', '1']);
    expect(done.stderr).not.toContain('\u0007');
    expect(done.stderr).not.toContain('\u001b');
    for (const [file, code] of Object.entries(broken))
      expect(done.stderr).toMatch(new RegExp(`^could not use ${file}: .+ \\[${code}\\]$`, 'm'));
    expect(done.stderr.match(/^could not use /gm)).toHaveLength(Object.keys(broken).length);
    expect(done.status).toBe(0);

    const boxes = readBoxesCsv(readFileSync(join(out, 'boxes.csv'), 'utf8'), 'boxes.csv');
    const expected = readdirSync(images).filter((name) => name !== 'folder.jpg');
    expect(boxes.map(({ file }) => file)).toEqual(expected.sort((a, b) => (a < b ? -1 : 1)));
    for (const { file, box, reason } of boxes) {
      expect(box === null).toBe(reason !== '');
      if (names.includes(file) || file.startsWith('ampersand')) expect(box).not.toBeNull();
    }

    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).not.toMatch(/<img onerror/i);
    expect(page).toContain('&lt;img onerror=x&gt;.png');
    for (const [file, code] of Object.entries(broken)) {
      expect(page).toContain(file);
      expect(page).toContain(code);
    }

    const strict = await runCli(['find', images, '--out', out, '--resume', '--strict', '--json']);
    expect(strict.status).toBe(1);
  });

  it('applies what was learned there, to images too thin to learn from as well', async () => {
    const [found, out] = [join(folder, 'mixed-found'), join(folder, 'mixed-applied')];
    const words = ['apply', join(folder, 'mixed'), '--model', join(found, 'localiser.onnx'), '--out', out];
    const done = await runCli([...words, '--threads', '1']);
    expect(done.status).toBe(0);
    const rows = readFileSync(join(out, 'transforms.csv'), 'utf8').split('\n');
    expect(rows.find((row) => row.startsWith('thin.png'))).toMatch(/ok/);
    expect(rows.filter((row) => row.includes('ok')).length).toBeGreaterThan(10);

    const again = await runCli(words);
    expect([again.status, again.stderr]).toEqual([
      2,
      expect.stringMatching(/not empty .*add --resume to go on .* or --force/),
    ]);
  });

  it('exports crops whose list agrees with the files', async () => {
    const dataset = join(folder, 'mixed-dataset');
    const done = await runCli(['export', join(folder, 'mixed-found'), '--out', dataset, '--flagged', '--size', '32']);
    expect(done.status).toBe(0);
    const rows = readFileSync(join(dataset, 'metadata.jsonl'), 'utf8').trimEnd().split('\n');
    const listed = rows.map((row) => JSON.parse(row) as { file_name: string; source: string });
    expect(listed.map(({ file_name }) => file_name.replace(/^images\//, '')).sort()).toEqual(
      readdirSync(join(dataset, 'images')).sort(),
    );
    expect(listed.map(({ source }) => source)).toEqual(expect.arrayContaining(names));
  });
});

it('names no folder of this machine in what it writes, whatever way files were named', async () => {
  const images = collection('named', 6);
  const [reference] = readdirSync(images);
  const boxes = join(folder, 'named-boxes.csv');
  writeFileSync(boxes, `file,xmin,ymin,xmax,ymax\n${reference},10,10,70,70\n`);
  const out = join(folder, 'named-aligned');
  const words = ['align', images, '--reference', join(images, reference), '--boxes', boxes, '--out', out];
  const done = await runCli([...words, '--no-learn', '--threads', '1']);
  expect([done.status, done.stderr.match(/^congeal: .*/m)]).toEqual([0, null]);
  for (const file of readdirSync(out)) expect(readFileSync(join(out, file)).includes(folder), file).toBe(false);
});

describe('too little to work with', () => {
  it.each<[string, string, (images: string) => Promise<void> | void, RegExp]>([
    ['an empty folder', 'find', () => undefined, /holds no images: it is empty/],
    ['no images at all', 'find', (images) => writeFileSync(join(images, 'a.txt'), 'a'), /holds 1 other file/],
    ['text by the name of images', 'find', (images) => text(images, 3), /congeal: .*at least 2|2 .*usable/],
    ['one image', 'find', (images) => glyph(images, ['a.png']), /congeal: .*2/],
    ['one image to align', 'align', (images) => glyph(images, ['a.png']), /congeal: .*2/],
    ['copies of one image', 'find', (images) => glyph(images, ['a.png', 'b.png', 'c.png']), /identical|same/],
    ['copies to align', 'align', (images) => glyph(images, ['a.png', 'b.png', 'c.png']), /identical|same/],
    ['blank images', 'find', blank, /blank|one colour|nothing/],
    ['blank images to align', 'align', blank, /blank|one colour|nothing/],
  ])('%s: one clear line, and nothing is left behind', async (name, command, fill, says) => {
    const images = collection(name);
    await fill(images);
    const out = join(folder, `${name} out`);
    const done = await runCli([command, images, '--out', out, '--threads', '1']);
    const lines = done.stderr.split('\n').filter((line) => line.startsWith('congeal: '));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(says);
    expect(lines[0]).not.toMatch(/bug/);
    expect(done.status).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  it('3 good and 50 broken images: says what became of each', async () => {
    const images = collection('few', 3);
    text(images, 50);
    const out = join(folder, 'few-found');
    const done = await runCli(['find', images, '--out', out, '--json', '--threads', '1']);
    const events = done.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; failed?: number; images?: number });
    expect(events.filter(({ event }) => event === 'failure')).toHaveLength(50);
    expect(events.at(-1)).toMatchObject({ event: 'done', images: 3, failed: 50 });
    expect(done.status).toBe(0);
  });

  function text(images: string, count: number): void {
    for (let n = 0; n < count; n++) writeFileSync(join(images, `text-${n}.jpg`), `Dear diary ${n}`);
  }

  function glyph(images: string, names: readonly string[]): void {
    for (const name of names) copyFileSync(join(glyphs, 'ampersand-001.png'), join(images, name));
  }

  async function blank(images: string): Promise<void> {
    const colours = ['white', 'black', 'grey', '#c8285a', '#285ac8'];
    for (const [n, background] of colours.entries())
      await sharp({ create: { width: 80, height: 80, channels: 3, background } }).toFile(join(images, `${n}.png`));
  }
});
