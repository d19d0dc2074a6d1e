import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadEncoder, openEncoder } from '../../../core/features/encoder.ts';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { add } from '../../../core/graph/ops/arithmetic.ts';
import { conv } from '../../../core/graph/ops/convolution.ts';
import { reshape } from '../../../core/graph/ops/movement.ts';
import { reduceMean } from '../../../core/graph/ops/reduce.ts';
import { hasShared, shared } from '../../support/shared.ts';

interface TinyEncoder {
  readonly stride: number;
  readonly kernel: number;
  readonly before: number;
  readonly size?: readonly [height: number, width: number];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** One random convolution, mirrored in both axes so that it looks exactly at the middle of its kernel. */
function tinyEncoder({ stride, kernel, before, size, metadata = {} }: TinyEncoder): Uint8Array {
  const random = createRandom(3);
  const after = Math.max(0, kernel - stride - before);
  const weights = new Float32Array(5 * 3 * kernel * kernel);
  for (let c = 0; c < 15; c++)
    for (let y = 0; y < kernel; y++)
      for (let x = 0; x < kernel; x++) {
        const value = random.normal();
        for (const [v, u] of [
          [y, x],
          [kernel - 1 - y, x],
          [y, kernel - 1 - x],
          [kernel - 1 - y, kernel - 1 - x],
        ])
          weights[(c * kernel + v) * kernel + u] = value;
      }
  const g = new GraphBuilder();
  const [height, width] = size ?? [64, 64];
  const pixels = g.input('pixels', [1, 3, height, width], 'float32', size ? {} : { 0: 'n', 2: 'h', 3: 'w' });
  const maps = conv(g, pixels, g.constant(weights, [5, 3, kernel, kernel]), null, {
    strides: [stride, stride],
    pads: [before, before, after, after],
  });
  g.output('means', reduceMean(g, maps, { axes: [2, 3], keepDims: false }), size ? {} : { 0: 'n' });
  g.output('maps', maps, size ? {} : { 0: 'n', 2: 'h', 3: 'w' });
  return encode(g.build(), { metadata });
}

describe('encoder', () => {
  it.each([
    [4, 4, 0],
    [4, 7, 0],
    [4, 7, 1],
    [4, 8, 4],
    [2, 3, 1],
    [8, 16, 3],
  ])(
    'finds stride %i of a kernel of %i after a border of %i, and where its cells look',
    async (stride, kernel, before) => {
      const encoder = await openEncoder(tinyEncoder({ stride, kernel, before }), 'tiny.onnx');
      expect(encoder).toMatchObject({ channels: 5, stride, outputName: 'maps', fixedSize: undefined });
      expect(encoder.offset).toBeCloseTo(kernel / 2 - before, 4);
      await encoder.dispose();
    },
  );

  it('uses a network with a fixed size at that size and says so at another', async () => {
    const model = tinyEncoder({ stride: 16, kernel: 16, before: 0, size: [224, 224] });
    const encoder = await openEncoder(model, 'fixed.onnx');
    expect(encoder).toMatchObject({ stride: 16, fixedSize: { width: 224, height: 224 } });
    expect(encoder.offset).toBeCloseTo(8, 4);
    const maps = await encoder.describe(new Float32Array(2 * 3 * 224 * 224), 2, 224, 224);
    expect([maps.data.length, maps.channels, maps.height, maps.width]).toEqual([2 * 5 * 14 * 14, 5, 14, 14]);
    await expect(encoder.describe(new Float32Array(3 * 96 * 96), 1, 96, 96)).rejects.toMatchObject({
      code: 'model-unsuitable',
      message: expect.stringMatching(/fixed\.onnx.*96 x 96.*224/) as string,
    });
    await encoder.dispose();
  });

  it('feeds RGB as v / 127.5 - 1 of bytes, or as the metadata says', async () => {
    const rgb = Float32Array.from({ length: 3 * 16 }, (_, i) => [0, 0.5, 1][Math.floor(i / 16)]);
    const plain = await openEncoder(identity({}), 'plain.onnx');
    expect([...(await plain.describe(rgb, 1, 4, 4)).data].filter((_, i) => i % 16 === 0)).toEqual([-1, 0, 1]);
    const own = await openEncoder(
      identity({ input_mean: '0.5', input_std: '0.25 0.5 1', input_order: 'bgr' }),
      'own.onnx',
    );
    expect([...(await own.describe(rgb, 1, 4, 4)).data].filter((_, i) => i % 16 === 0)).toEqual([2, 0, -0.5]);
    await expect(openEncoder(identity({ input_std: '0' }), 'own.onnx')).rejects.toMatchObject({
      code: 'model-unsuitable',
    });
  });

  it('refuses what is no encoder, naming the file and the reason', async () => {
    const refusal = async (model: Uint8Array, output?: string): Promise<unknown> =>
      openEncoder(model, 'x.onnx', output).then(
        () => 'accepted',
        (error: unknown) => error,
      );
    expect(await refusal(new TextEncoder().encode('not a network'))).toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/^x\.onnx .*\. Choose a network from images .*gradients\.$/) as string,
    });
    expect(await refusal(twoInputs())).toMatchObject({
      code: 'model-unsuitable',
      message: expect.stringMatching(/2 inputs \('pixels', 'more'\).*\. Choose a network from images/) as string,
    });
    expect(await refusal(tinyEncoder({ stride: 4, kernel: 4, before: 0 }), 'elsewhere')).toMatchObject({
      message: expect.stringMatching(
        /no output 'elsewhere'.*'means', 'maps'\. Name one that is a map after the #/,
      ) as string,
    });
    expect(await refusal(tinyEncoder({ stride: 4, kernel: 4, before: 0 }), 'means')).toMatchObject({
      message: expect.stringMatching(/'means'.*not a map/) as string,
    });
    expect(await refusal(tokens())).toMatchObject({ message: expect.stringMatching(/none of its outputs/) as string });
  });

  describe('from files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'congeal-encoder-'));
    afterAll(() => rm(folder, { recursive: true }));

    it('takes the output after # and says which file is missing', async () => {
      const path = join(folder, 'tiny.onnx');
      await writeFile(path, tinyEncoder({ stride: 4, kernel: 4, before: 0 }));
      const encoder = await loadEncoder(`${path}#maps`);
      expect(encoder.name).toBe('tiny.onnx#maps');
      await encoder.dispose();
      await expect(loadEncoder(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'input-missing' });
      await expect(loadEncoder(folder)).rejects.toMatchObject({ code: 'input-unreadable' });
    });
  });

  it.skipIf(!hasShared).each([
    ['mobilenet-v1-pw3.onnx', 4, 128, 2.4],
    ['mobilenet-v1-pw5.onnx', 8, 256, 4.5],
    ['mobilenet-v1-pw11.onnx#preactivation', 16, 512, 7.5],
  ])('finds where %s looks', async (file, stride, channels, offset) => {
    const encoder = await loadEncoder(shared(`models/${file}`), { threads: 2 });
    expect(encoder).toMatchObject({ stride, channels });
    /* The centre about which maps of mirrored photographs predict those of the photographs best. */
    expect(Math.abs(encoder.offset - offset)).toBeLessThan(0.25);
    await encoder.dispose();
  });
});

function identity(metadata: Readonly<Record<string, string>>): Uint8Array {
  const g = new GraphBuilder();
  const dynamic = { 0: 'n', 2: 'h', 3: 'w' };
  g.output('maps', add(g, g.input('pixels', [1, 3, 8, 8], 'float32', dynamic), 0), dynamic);
  return encode(g.build(), { metadata });
}

function twoInputs(): Uint8Array {
  const g = new GraphBuilder();
  g.output('sum', add(g, g.input('pixels', [1, 3, 8, 8]), g.input('more', [1, 3, 8, 8])));
  return encode(g.build());
}

function tokens(): Uint8Array {
  const g = new GraphBuilder();
  g.output('tokens', reshape(g, g.input('pixels', [1, 3, 8, 8]), [1, 3, 64]));
  return encode(g.build());
}
