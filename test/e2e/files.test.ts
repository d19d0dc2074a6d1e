import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../core/graph/builder.ts';
import { encode } from '../../core/graph/encode.ts';
import { add } from '../../core/graph/ops/arithmetic.ts';
import { conv } from '../../core/graph/ops/convolution.ts';
import { relu } from '../../core/graph/ops/elementwise.ts';
import { reduceMean } from '../../core/graph/ops/reduce.ts';
import { runCli } from '../support/cli.ts';
import { drawCollection, suiteFolder } from '../support/collection.ts';

const folder = suiteFolder();
const images = join(folder, 'images');

beforeAll(() => drawCollection('glyphs', images, 4));

/** Writes a model of some inputs of pixels, whose output `theta` is their mean. */
function model(name: string, inputs: readonly string[], size: number | undefined): string {
  const g = new GraphBuilder();
  const side = size ?? 32;
  const dynamic = size === undefined ? { 0: 'N', 2: 'H', 3: 'W' } : { 0: 'N' };
  const values = inputs.map((input) => g.input(input, [1, 3, side, side], 'float32', dynamic));
  const sum = values.reduce((total, value) => add(g, total, value));
  g.output('theta', reduceMean(g, relu(g, sum), { axes: [2, 3], keepDims: false }));
  const path = join(folder, name);
  writeFileSync(path, encode(g.build()));
  return path;
}

/** Writes an encoder that takes images of 224 x 224 pixels only. */
function fixedEncoder(): string {
  const g = new GraphBuilder();
  const pixels = g.input('pixels', [1, 3, 224, 224], 'float32', { 0: 'N' });
  const weights = Float32Array.from({ length: 6 * 3 * 64 }, (_, n) => Math.sin(n));
  g.output('maps', conv(g, pixels, g.constant(weights, [6, 3, 8, 8]), null, { strides: [8, 8] }), { 0: 'N' });
  const path = join(folder, 'fixed-encoder.onnx');
  writeFileSync(path, encode(g.build()));
  return path;
}

const garbage = join(folder, 'garbage.onnx');
writeFileSync(garbage, 'Once upon a time');

describe('models that do not fit', () => {
  it.each<[string, () => string, RegExp, RegExp]>([
    [
      'that are no ONNX',
      () => garbage,
      /garbage\.onnx cannot be used.*Choose a network/,
      /garbage\.onnx is not a model.*Use the localiser/,
    ],
    ['with two inputs', () => model('two.onnx', ['pixels', 'more'], undefined), /2 inputs/, /pixels \[.*\] and more/],
    ['of one size', () => model('fixed.onnx', ['pixels'], 224), /fixed\.onnx/, /224, 224\], expected one input pixels/],
    ['that give something else', () => model('mean.onnx', ['pixels'], undefined), /mean\.onnx/, /theta is \[1, 3\]/],
  ])('%s', async (_, make, asEncoder, asTransformer) => {
    const path = make();
    const out = join(folder, 'out');
    const runs: readonly (readonly [string[], RegExp])[] = [
      [['find', images, '--features', path], asEncoder],
      [['align', images, '--features', path], asEncoder],
      [['apply', images, '--model', path], asTransformer],
    ];
    for (const [words, says] of runs) {
      const done = await runCli([...words, '--out', out, '--threads', '1']);
      const lines = done.stderr.split('\n').filter((line) => line.startsWith('congeal: '));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(says);
      expect(done.status).toBe(2);
      expect(existsSync(out)).toBe(false);
    }
  });
});

it('an encoder of one size finds objects; alignment refuses it before it begins and says what to do', async () => {
  const path = fixedEncoder();
  const out = join(folder, 'of', 'one', 'size');
  const refused = await runCli(['align', images, '--features', path, '--out', out, '--threads', '1']);
  expect(refused.stderr).toMatch(
    /^congeal: fixed-encoder\.onnx takes images of 224 x 224 pixels only; .*Export it so/m,
  );
  expect(refused.status).toBe(2);
  expect(existsSync(join(folder, 'of'))).toBe(false);
  expect((await runCli(['find', images, '--features', path, '--out', out, '--threads', '1'])).status).toBe(0);
});

describe('project files that cannot be used', () => {
  const notSqlite = join(folder, 'story.congeal');
  const future = join(folder, 'future.congeal');
  writeFileSync(notSqlite, 'Once upon a time '.repeat(100));

  beforeAll(async () => {
    const found = join(folder, 'found');
    expect((await runCli(['find', images, '--out', found, '--threads', '1'])).status).toBe(0);
    writeFileSync(future, readFileSync(join(found, 'project.congeal')));
    const database = new Database(future);
    database.pragma('user_version = 999');
    database.close();
  });

  it.each<[string, string, RegExp]>([
    ['not SQLite', notSqlite, /^congeal: .*is not a Congeal project/m],
    ['from the future', future, /^congeal: .*newer/m],
  ])('%s: as collection, as run, and in the output folder', async (name, path, says) => {
    const bytes = readFileSync(path);
    const out = join(folder, `out, ${name}`);
    for (const words of [
      ['find', path, '--out', out],
      ['export', path, '--out', out],
    ]) {
      const done = await runCli(words);
      expect(done.stderr).toMatch(says);
      expect(done.status).toBe(2);
      expect(existsSync(out)).toBe(false);
    }
    mkdirSync(out);
    writeFileSync(join(out, 'project.congeal'), bytes);
    for (const manner of ['--resume', '--force']) {
      const done = await runCli(['find', images, '--out', out, manner]);
      expect(done.stderr).toMatch(says);
      expect(done.status).toBe(2);
      expect(readFileSync(join(out, 'project.congeal')).equals(bytes)).toBe(true);
    }
  });
});
