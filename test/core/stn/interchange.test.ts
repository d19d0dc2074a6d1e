import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { openGradientExtractor } from '../../../core/features/gradient-extractor.ts';
import { identity3 } from '../../../core/geometry/matrix.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { float32, floats } from '../../../core/graph/tensor.ts';
import { encodeRaster } from '../../../core/imaging/encode.ts';
import { exportAligner } from '../../../core/learn/aligner/export-aligner.ts';
import { createVoteNet } from '../../../core/learn/aligner/vote-net.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { parameterConstants } from '../../../core/stn/layers.ts';
import { regressionNet } from '../../../core/stn/localisation-nets.ts';
import { sampleNodes } from '../../../core/stn/sampler-nodes.ts';
import { transformerFamily } from '../../../core/stn/transformer-family.ts';
import { knownAlignment } from '../../support/known-alignment.ts';
import { drawPosedBeetles } from '../../support/posed-beetles.ts';
import { checkWithOnnx, hasOnnxChecker } from '../../support/onnx-checker.ts';
import { pythonWith } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const families = [
  ...['translation', 'attention', 'rotation', 'similarity', 'affine', 'projective', 'affine-lie', 'projective-lie'],
  ...['tps9', 'tps16', 'tps25', 'piecewise16', 'flow:3x2', 'basis6'],
];

/** A transformer with its localisation network as a model of its own: images to theta and crop. */
function transformerModel(name: string): Uint8Array {
  const sampling = { width: 12, height: 10, alignCorners: name.startsWith('tps') };
  const family = transformerFamily(name, { sampling });
  const net = regressionNet('convolutional', family.name, [1, 28, 28], createRandom(1), family.start);
  const g = new GraphBuilder();
  const images = g.input('images', [1, 1, 28, 28], 'float32', { 0: 'n' });
  const theta = net.apply(g, images, parameterConstants(g, net.initial));
  const grid = family.grid(g, theta, parameterConstants(g, family.initial));
  g.output('theta', theta, { 0: 'n' });
  g.output('crop', sampleNodes(g, images, grid), { 0: 'n' });
  return encode(g.build());
}

test.skipIf(!hasOnnxChecker)('the reference checker accepts transformers of every family', () => {
  const { checked, refused } = checkWithOnnx(
    families.map((name) => [`${name.replace(':', '-')}.onnx`, transformerModel(name)] as const),
  );
  expect([checked, refused]).toEqual([families.length, []]);
});

test('exported transformers take any number of images', async () => {
  const session = await openSession(transformerModel('tps16'), { threads: 1 });
  const { theta, crop } = await session.run({ images: float32(new Float32Array(3 * 784), [3, 1, 28, 28]) });
  await session.dispose();
  expect([theta.shape, crop.shape]).toEqual([
    [3, 32],
    [3, 1, 10, 12],
  ]);
});

/** The scripts that the documentation shows, by language. */
const scripts = Object.fromEntries(
  Array.from(
    readFileSync(resolve(import.meta.dirname, '../../../docs/interchange.md'), 'utf8').matchAll(
      /```(\w+)\n([^`]*)```/g,
    ),
    ([, language, text]) => [language, text],
  ),
);
const set = drawPosedBeetles(4, 3, 0.1);

interface Example {
  readonly modelFile: string;
  readonly photo: string;
  readonly theta: readonly number[];
  readonly crop: Float32Array;
}

/** An aligner as `align` exports it (untrained), a photo, and what our own session makes of it. */
async function example(folder: string): Promise<Example> {
  const extractor = openGradientExtractor({ threads: 1 });
  const { template } = await knownAlignment(set, extractor, 'similarity');
  const shape = { cells: 24, channels: 8, hidden: 8 };
  const model = exportAligner({
    template,
    ...{ source: { extractor }, shape, parameters: createVoteNet(shape, createRandom(2)), scale: 0.9 },
    ...{ size: 48, firstWindows: [identity3] },
  });
  await extractor.dispose();
  const [modelFile, photo] = [join(folder, 'aligner.onnx'), join(folder, 'photo.png')];
  writeFileSync(modelFile, model);
  writeFileSync(photo, await encodeRaster(set[0].image.raster, { format: 'png' }));
  const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const area = info.width * info.height;
  const pixels = Float32Array.from(data, (_, i) => data[(i % area) * 3 + Math.floor(i / area)] / 255);
  const session = await openSession(model, { threads: 1 });
  const { theta, crop } = await session.run({ pixels: float32(pixels, [1, 3, info.height, info.width]) });
  await session.dispose();
  return { modelFile, photo, theta: [...floats(theta)], crop: floats(crop) };
}

/** A transformer as `learn` exports it: one channel, a fixed size. */
async function smallExample(folder: string): Promise<Example> {
  const [modelFile, photo] = [join(folder, 'transformer.onnx'), join(folder, 'digit.png')];
  const model = transformerModel('affine');
  const random = createRandom(3);
  const bytes = Uint8Array.from({ length: 784 }, () => random.integer(256));
  writeFileSync(modelFile, model);
  await sharp(bytes, { raw: { width: 28, height: 28, channels: 1 } }).toFile(photo);
  const session = await openSession(model, { threads: 1 });
  const images = Float32Array.from(bytes, (byte) => byte / 255);
  const { theta, crop } = await session.run({ images: float32(images, [1, 1, 28, 28]) });
  await session.dispose();
  return { modelFile, photo, theta: [...floats(theta)], crop: floats(crop) };
}

/** Runs a script on the examples and expects the numbers of our own session, and the same picture. */
async function expectSame(command: string, language: string, folder: string): Promise<void> {
  const text = scripts[language];
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(15);
  const script = join(folder, language === 'js' ? 'run.mjs' : 'run.py');
  writeFileSync(script, text);
  for (const make of [example, smallExample]) await expectSameOn(command, script, await make(folder));
}

async function expectSameOn(command: string, script: string, expected: Example): Promise<void> {
  const { modelFile, photo, theta, crop } = expected;
  const picture = `${photo}.crop.png`;
  const { stdout, stderr, status } = spawnSync(command, [script, modelFile, photo, picture], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const said = stdout.split('\n').find((line) => line.startsWith('theta ')) ?? '';
  const values = said.split(' ').slice(1).map(Number);
  expect(values).toHaveLength(theta.length);
  values.forEach((value, i) => expect(Math.abs(value - theta[i])).toBeLessThan(1e-4));
  const shown = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const [area, channels] = [shown.info.width * shown.info.height, shown.info.channels];
  // A grey picture may be written in three equal channels.
  expect(area * (modelFile.endsWith('aligner.onnx') ? 3 : 1)).toBe(crop.length);
  crop.forEach((value, i) => {
    expect(Math.abs(shown.data[(i % area) * channels + Math.floor(i / area)] - 255 * value)).toBeLessThan(1.01);
  });
}

test('the documented Node script gives what we get', async () => {
  /* Beside the packages that it imports. */
  const folder = mkdtempSync(resolve(import.meta.dirname, '../../../node_modules/.documented-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  await expectSame(process.execPath, 'js', folder);
});

const runtime = pythonWith('numpy', 'onnxruntime', 'PIL');

test.skipIf(runtime === undefined)('the documented Python script gives what we get', async () => {
  await expectSame(runtime ?? '', 'python', temporaryFolder());
});
