import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { suiteFolder } from '../support/collection.ts';
import { drawGlyphs, glyphNetwork, writeGlyphFolders, writeGlyphIdx } from '../support/glyph-set.ts';

const folder = suiteFolder();
const net = join(folder, 'net.json');
const files = ['classifier.onnx', 'transformer.onnx', 'transformer-localisation.onnx', 'report.html', 'network.json'];
let idx: string[] = [];

beforeAll(async () => {
  writeFileSync(net, JSON.stringify(glyphNetwork));
  const train = writeGlyphIdx(folder, 'train', drawGlyphs(40, 1));
  idx = ['--idx', ...train, '--test-idx', ...writeGlyphIdx(folder, 'test', drawGlyphs(20, 2))];
  await writeGlyphFolders(join(folder, 'glyphs'), drawGlyphs(12, 3));
});

const quick = (out: string) => [
  '--net',
  net,
  '--batch',
  '20',
  '--rate',
  '0.005',
  '--threads',
  '1',
  '--out',
  join(folder, out),
];

describe('congeal learn', () => {
  it('learns from idx files; interrupted and resumed it writes the same bytes', async () => {
    const words = ['learn', ...idx, '--epochs', '10'];
    const whole = await runCli([...words, ...quick('whole'), '--json']);
    expect(whole.stderr).toBe('');
    expect(whole.status).toBe(0);
    const done = JSON.parse(whole.stdout.trim().split('\n').at(-1) ?? '') as {
      figures: Record<string, number>;
      images: number;
    };
    expect(done.images).toBe(180);
    expect(done.figures['test examples']).toBe(60);
    expect(done.figures['test error, low end of 95 % interval (%)']).toBeLessThanOrEqual(
      done.figures['test error (%)'],
    );

    const stopped = startCli([...words, ...quick('parts')]);
    await stopped.seen(/^train/m);
    stopped.kill('SIGINT');
    expect([0, 130]).toContain((await stopped.finished).status);
    expect((await runCli([...words, ...quick('parts'), '--resume'])).status).toBe(0);
    for (const name of files)
      expect(readFileSync(join(folder, 'parts', name)).equals(readFileSync(join(folder, 'whole', name))), name).toBe(
        true,
      );
    const page = readFileSync(join(folder, 'whole', 'report.html'), 'utf8');
    for (const part of ['Confusion', 'Worst errors', 'Where it looks', 'Transformers']) expect(page).toContain(part);
  });

  it('learns from a folder whose folders are classes', async () => {
    const out = quick('folders');
    const flags = ['--size', '16', '--epochs', '2', '--family', 'similarity', '--transformer-rate', '0.1'];
    const { status, stdout } = await runCli(['learn', join(folder, 'glyphs'), ...flags, ...out]);
    expect(status).toBe(0);
    expect(stdout).toContain('36 images');
    const network: unknown = JSON.parse(readFileSync(join(folder, 'folders', 'network.json'), 'utf8'));
    const [look, ...others] = glyphNetwork.layers;
    const trained = { ...look, name: 'transformer', family: 'similarity', learningRate: 0.1 };
    expect(network).toEqual({ version: 1, layers: [trained, ...others] });
  });

  it('refuses the integer kernel as wrong usage, which names the layer and what can be trained', async () => {
    const [look, ...others] = glyphNetwork.layers;
    const nearest = join(folder, 'nearest.json');
    writeFileSync(
      nearest,
      JSON.stringify({ ...glyphNetwork, layers: [{ ...look, interpolation: 'nearest' }, ...others] }),
    );
    const words = ['learn', ...idx, '--net', nearest, '--out', join(folder, 'nearest')];
    const { status, stderr } = await runCli(words);
    expect(stderr).toMatch(/at layers\.1 \(transformer\)[^]*'nearest'[^]*nothing would be learned[^]*'bilinear'/);
    expect(status).toBe(2);
  });

  it.each<[string, string[], RegExp]>([
    ['neither folder nor idx files', [], /Expected either a folder .* or --idx/],
    ['an unknown network', ['glyphs', '--net', 'resnet'], /there is no network 'resnet'/],
    ['one idx file', ['--idx', 'only'], /--idx/],
    ['a network that does not fit', ['glyphs', '--size', '8', '--net', 'cnn'], /does not fit together|leaves nothing/],
    ['an impossible share', ['glyphs', '--validation', '1.5'], /--validation/],
  ])('refuses %s', async (_what, words, message) => {
    const given = words.map((word) => (word === 'glyphs' ? join(folder, word) : word));
    const { status, stderr } = await runCli(['learn', ...given, '--out', join(folder, 'refused')]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('read images');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
