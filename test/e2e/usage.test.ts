import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { entry, runCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';

const folder = suiteFolder();
const images = join(folder, 'images');
const out = join(folder, 'out');

beforeAll(() => drawCollection('glyphs', images, 3));

/** Runs a command that must be refused: one line on standard error, exit 2, nothing made. */
async function refuse(words: readonly string[], says: RegExp, status = 2): Promise<void> {
  const done = await runCli(words, { cwd: folder });
  expect(done.stderr).toMatch(says);
  expect(done.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(done.status).toBe(status);
  expect(existsSync(out)).toBe(false);
}

describe.concurrent('words that cannot be', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown command', ['fnid', images], /unknown command 'fnid' \(Did you mean find\?\)/],
    ['an unknown option', ['find', images, '--out', out, '--bogus'], /unknown option '--bogus'/],
    ['no folder', ['find', '--out', out], /missing required argument 'folder'/],
    ['no output', ['find', images], /required option '--out <folder>'/],
    ['an empty output', ['find', images, '--out', ''], /--out/],
    ['two folders', ['find', images, images, '--out', out], /too many arguments/],
    ['no number', ['find', images, '--out', out, '--threads', 'many'], /--threads.*'many'/],
    ['no threads', ['find', images, '--out', out, '--threads', '0'], /--threads.*found 0/],
    ['a broken seed', ['find', images, '--out', out, '--seed', '1.5'], /--seed.*found 1.5/],
    ['a negative seed', ['find', images, '--out', out, '--seed', '-1'], /--seed.*found -1/],
    ['an object of no size', ['find', images, '--out', out, '--object-size', '0'], /--object-size.*found 0/],
    ['an object too large', ['find', images, '--out', out, '--object-size', '1.5'], /--object-size.*found 1.5/],
    ['an unknown net', ['find', images, '--out', out, '--net', 'deep'], /--net.*"deep"/],
    ['an unknown objective', ['find', images, '--out', out, '--objective', 'luck'], /--objective.*"luck"/],
    ['an unknown provider', ['find', images, '--out', out, '--provider', 'abacus'], /--provider.*"abacus"/],
    ['a provider that does not train', ['find', images, '--out', out, '--provider', 'coreml'], /provider 'coreml'/],
    ['features of no kind', ['find', images, '--out', out, '--features', 'magic'], /--features.*'magic'/],
    ['a missing encoder', ['find', images, '--out', out, '--features', 'no.onnx'], /no\.onnx cannot be read/],
    [
      'an encoder that is a folder',
      ['find', images, '--out', out, '--features', images],
      /is a folder, expected gradients/,
    ],
    ['an unknown family', ['align', images, '--out', out, '--family', 'curly'], /--family.*"curly"/],
    ['a mean too large', ['align', images, '--out', out, '--size', '1e9'], /--size.*found 1000000000/],
    ['a negative rotation', ['align', images, '--out', out, '--rotation', '-5'], /--rotation.*found -5/],
    ['a rotation beyond', ['align', images, '--out', out, '--rotation', '181'], /--rotation.*found 181/],
    [
      'a missing reference',
      ['align', images, '--out', out, '--reference', 'x.png'],
      /'x\.png' is none of the 3 images/,
    ],
    ['missing boxes', ['align', images, '--out', out, '--boxes', 'b.csv'], /--boxes: b\.csv cannot be read/],
    ['a missing model', ['apply', images, '--out', out, '--model', 'm.onnx'], /--model: m\.onnx cannot be read/],
    ['boxes that are a folder', ['align', images, '--out', out, '--boxes', images], /--boxes: .* is a folder/],
    ['a model that is a folder', ['apply', images, '--out', out, '--model', images], /--model: .* is a folder/],
    [
      'a provider for what does not train',
      ['apply', images, '--out', out, '--model', 'm.onnx', '--provider', 'webgpu'],
      /--provider.*"webgpu"/,
    ],
    ['an unknown format', ['export', images, '--out', out, '--format', 'papyrus'], /--format.*"papyrus"/],
    ['a crop too large', ['export', images, '--out', out, '--size', '100000'], /--size/],
    ['a quality beyond', ['export', images, '--out', out, '--quality', '101'], /--quality/],
    ['a margin beyond', ['export', images, '--out', out, '--margin', '-1'], /--margin/],
    ['no run to export', ['export', images, '--out', out], /There is no project file/],
    ['no truth to score', ['score', images], /--points keypoints\.csv or --boxes/],
    ['no run to score', ['score', images, '--points', 'p.csv'], /transforms\.csv cannot be read.*by align or apply/],
    ['no search to score', ['score', images, '--boxes', 'b.csv'], /boxes\.csv cannot be read.*by find\./],
    ['an unknown benchmark', ['bench', 'nothing'], /no benchmark 'nothing'/],
    ['a demo of no seed', ['demo', '--out', out, '--seed', 'x'], /--seed/],
    ['a missing folder', ['find', 'nowhere', '--out', out], /no folder ".*nowhere"/],
    ['a missing project', ['find', 'nowhere.congeal', '--out', out], /no project file .*nowhere\.congeal/],
    ['a file as folder', ['find', join(images, 'ampersand-001.png'), '--out', out], /is not a folder/],
  ])('%s', (_, words, says) => refuse(words, says));

  it('says so in JSON as well', async () => {
    const { stdout, status } = await runCli(['find', images, '--out', out, '--bogus', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ event: 'error', code: 'usage' });
    expect(status).toBe(2);
  });
});

describe('output folders', () => {
  it('that cannot be', async () => {
    const file = join(images, 'ampersand-001.png');
    await refuse(['find', images, '--out', file], /in the way/);
    await refuse(['find', images, '--out', join(file, 'deeper')], /in the way/);
    await refuse(['find', images, '--out', images], /folder of the images itself/);
    await refuse(['find', images, '--out', images, '--force'], /folder of the images itself/);
    await refuse(['find', images, '--out', join(folder, 'x'.repeat(300))], /cannot be written \(ENAMETOOLONG\)/);
    expect(readdirSync(images)).toHaveLength(3);
  });

  it.runIf(process.platform === 'linux')('in a file system without files', async () => {
    await refuse(['find', images, '--out', '/proc/congeal/deeper'], /\/proc\/congeal\/deeper cannot be written/);
  });

  it.runIf(process.platform === 'linux' && process.getuid?.() !== 0)('that may not be written', async () => {
    mkdirSync(join(folder, 'locked'), { mode: 0o500 });
    await refuse(['find', images, '--out', join(folder, 'locked', 'out')], /cannot be written \(EACCES\)/);
  });

  it('that are not empty are refused without --force', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'thesis.txt'), 'years of work');
    await refuse(['find', images, '--out', full], /not empty \(1 entries\).*--force/);
    await refuse(['find', images, '--out', full, '--resume'], /no run to go on with.*no project\.congeal/);
    expect(readdirSync(full)).toEqual(['thesis.txt']);
  });
});

describe.concurrent('--help', () => {
  it.each(['demo', 'find', 'align', 'apply', 'export', 'score', 'bench', 'serve', 'start'])(
    'of %s has an example',
    async (name) => {
      const { stdout, stderr, status } = await runCli([name, '--help']);
      expect(stdout).toMatch(new RegExp(`Examples?:\\n +congeal ${name}`));
      expect(stderr).toBe('');
      expect(status).toBe(0);
    },
  );

  it('of the program names every command', async () => {
    const { stdout, status } = await runCli(['--help']);
    for (const name of ['demo', 'find', 'align', 'apply', 'export', 'score', 'bench', 'serve', 'start'])
      expect(stdout).toContain(`\n  ${name} `);
    expect(status).toBe(0);
  });
});

describe('a Node that is too old', () => {
  const refusal = /^congeal: Node \S+ offers Node-API \d, but 10 or newer is needed\..*\n$/;

  it('is refused with one line before any native module loads', () => {
    const preload = join(folder, 'old.cjs');
    writeFileSync(preload, "Object.defineProperty(process.versions, 'napi', { value: '9' });");
    const { stderr, status } = spawnSync(process.execPath, ['--require', preload, entry, 'find', images], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(refusal);
    expect(status).toBe(78);
  });

  const old = ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node'].find(
    (path) => existsSync(path) && Number(execFileSync(path, ['-p', 'process.versions.napi'])) < 10,
  );
  it.runIf(old !== undefined)('is refused by a real one', () => {
    const { stderr, status } = spawnSync(old ?? '', [entry, 'find', images], { encoding: 'utf8' });
    expect(stderr).toMatch(refusal);
    expect(status).toBe(78);
  });
});
