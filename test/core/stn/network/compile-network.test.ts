import { describe, expect, it } from 'vitest';
import { type NetworkDescription, networkDescription, networkFamilies } from '../../../../core/contract/network.ts';
import { shippedNetworks } from '../../../../core/contract/options.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { float32, floats } from '../../../../core/graph/tensor.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { parameterConstants } from '../../../../core/stn/layers.ts';
import { compileNetwork } from '../../../../core/stn/network/compile-network.ts';
import { cropOutline, traceToImage } from '../../../../core/stn/network/trace-frame.ts';
import { shippedNetwork } from '../../../support/network-files.ts';

const defaults = { family: 'affine', learningRate: 0.5 } as const;

function compiled(layers: unknown, input: readonly [number, number, number] = [1, 20, 20]) {
  const description = networkDescription.parse({ version: 1, layers });
  return compileNetwork(description, { input, classes: 4, random: createRandom(1), defaults });
}

const look = { kind: 'transformer', localisation: [{ kind: 'dense', units: 3 }] };

describe('networks that come with the program', () => {
  it.each(shippedNetworks)('%s gives scores for 42 x 42 images', async (name) => {
    const description = shippedNetwork(name);
    const network = compileNetwork(description, { input: [1, 42, 42], classes: 5, random: createRandom(1), defaults });
    const g = new GraphBuilder();
    const images = g.input('images', [2, 1, 42, 42]);
    const { scores, transformed } = network.apply(g, images, parameterConstants(g, network.initial));
    g.output('scores', scores);
    expect(scores.shape).toEqual([2, 5]);
    expect(transformed).toHaveLength(network.transformers.length);
    const session = await openSession(g.build(), { threads: 1 });
    const pixels = float32(
      Float32Array.from({ length: 2 * 42 * 42 }, (_, i) => (i % 7) / 7),
      [2, 1, 42, 42],
    );
    const found = floats((await session.run({ images: pixels }))['scores']);
    await session.dispose();
    expect(found.every(Number.isFinite)).toBe(true);
  });
});

describe('compileNetwork', () => {
  it('makes every family a transformer whose crop begins as the image itself', async () => {
    for (const family of networkFamilies) {
      const network = compiled([{ ...look, family }], [2, 9, 9]);
      const g = new GraphBuilder();
      const images = g.input('images', [1, 2, 9, 9]);
      const { transformed } = network.apply(g, images, parameterConstants(g, network.initial));
      g.output('crop', transformed[0].output);
      const session = await openSession(g.build(), { threads: 1 });
      const pixels = Float32Array.from({ length: 162 }, (_, i) => (i * 37) % 101);
      const crop = floats((await session.run({ images: float32(pixels, [1, 2, 9, 9]) }))['crop']);
      await session.dispose();
      for (const [i, value] of pixels.entries()) expect(Math.abs(crop[i] - value), family).toBeLessThan(1e-3);
    }
  });

  it('puts branches together along channels, each transformer at a place of its own', () => {
    const network = compiled([
      { kind: 'parallel', branches: [[look], [{ ...look, family: 'translation' }], [look]] },
      { kind: 'dense', units: 2 },
    ]);
    expect(network.transformers.map(({ name }) => name)).toEqual(['transformer-1', 'transformer-2', 'transformer-3']);
    expect(network.initial['layers.2.1.weight'].shape).toEqual([3 * 400, 2]);
    const starts = network.transformers.map(({ transform }) => transform.start.join());
    expect(new Set(starts).size).toBe(3);
  });

  it('keeps learning rates by transformer and counts parameters', () => {
    const network = compiled([
      { ...look, name: 'one', learningRate: 0.1 },
      { ...look, name: 'two' },
    ]);
    expect(network.groups).toEqual({ one: { rate: 0.1 }, two: { rate: 0.5 } });
    const localisation = 400 * 3 + 3 + 3 * 6 + 6;
    expect(network.parameterCount).toBe(2 * localisation + 400 * 4 + 4);
  });

  it('takes downsample as a factor of the output size', () => {
    const [only] = compiled([{ ...look, downsample: 2 }]).transformers;
    expect(only.sampling).toMatchObject({ width: 10, height: 10, alignCorners: false, padding: 'zeros' });
  });

  it('takes the interpolation that is trained where it is said', () => {
    const [said, silent] = compiled([{ ...look, interpolation: 'bilinear' }, look]).transformers;
    expect([said.sampling.kernel, silent.sampling.kernel]).toEqual(['bilinear', 'bilinear']);
  });

  it.each<[string, unknown[], RegExp]>([
    ['a picture behind a dense layer', [{ kind: 'dense', units: 3 }, look], /follows a dense layer/],
    [
      'a kernel larger than the image',
      [{ kind: 'conv', channels: 2, kernel: 33 }],
      /leaves nothing of an input of 1 x 20 x 20/,
    ],
    [
      'branches of two sizes',
      [{ kind: 'parallel', branches: [[look], [{ ...look, downsample: 2 }]] }],
      /ends in 10 x 10, the first branch in 20 x 20/,
    ],
    [
      'two transformers of one name',
      [
        { ...look, name: 'a' },
        { ...look, name: 'a' },
      ],
      /Two transformers of the network are called 'a'/,
    ],
    [
      'the integer kernel',
      [
        { kind: 'pool', size: 2 },
        { ...look, interpolation: 'nearest' },
      ],
      /at layers\.2 \(transformer\).*the sampler 'nearest'.*nothing would be learned.*Train with 'bilinear'/,
    ],
    [
      'the cubic kernel in a branch',
      [{ kind: 'parallel', branches: [[look], [{ ...look, interpolation: 'bicubic' }]] }],
      /at layers\.1\.2\.1 \(transformer\).*the sampler 'bicubic'.*no gradient here.*Train with 'bilinear'/,
    ],
    [
      'a size and a factor',
      [{ ...look, width: 10, downsample: 2 }],
      /either width and height of its output or downsample; found both/,
    ],
    [
      'a height and a factor in a branch',
      [{ kind: 'parallel', branches: [[look], [{ ...look, height: 10, downsample: 2 }]] }],
      /either width and height of its output or downsample; found both/,
    ],
    ['a reserved name', [{ ...look, name: 'scores' }], /can be called 'scores'/],
    [
      'two transformers that begin in one place',
      [{ kind: 'parallel', branches: [[{ ...look, start: { x: 0.2 } }], [{ ...look, start: { x: 0.2 } }]] }],
      /begin in one place \(x 0.2, y 0, scale 1\)/,
    ],
  ])('refuses %s', (_what, layers, message) => {
    expect(() => compiled(layers)).toThrow(message);
  });

  it('refuses descriptions that are not what the schema says', () => {
    const wrong: unknown[] = [
      { version: 2, layers: [] },
      { version: 1, layers: [{ kind: 'recurrent' }] },
      { version: 1, layers: [{ kind: 'pool', size: 1 }] },
      { version: 1, layers: [], more: 1 },
      { version: 1, layers: [{ ...look, name: '../x' }] },
    ];
    for (const one of wrong) expect(networkDescription.safeParse(one).success).toBe(false);
  });
});

describe('traceToImage', () => {
  const trace = (description: NetworkDescription['layers'], grids: Record<string, Float32Array>, name: string) => {
    const { transformers } = compiled(description);
    const found = transformers.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no transformer ${name}`);
    return traceToImage(cropOutline(1), found, transformers, (one) => grids[one]);
  };
  /** The grid of a crop `scale` times as large around (x, y), without aligned corners. */
  const gridOf = (side: number, scale: number, x: number, y: number): Float32Array =>
    Float32Array.from({ length: 2 * side * side }, (_, k) => {
      const [i, axis] = [Math.floor(k / 2), k % 2];
      const place = axis === 0 ? i % side : Math.floor(i / side);
      return scale * ((2 * place + 1) / side - 1) + (axis === 0 ? x : y);
    });

  it('gives the corners of the image for the identity, and of a crop in pixels', () => {
    const layers = networkDescription.parse({ version: 1, layers: [{ ...look, name: 'a' }] }).layers;
    expect(trace(layers, { a: gridOf(20, 1, 0, 0) }, 'a')).toMatchObject(
      [
        { x: 0, y: 0 },
        { x: 20, y: 0 },
        { x: 20, y: 20 },
        { x: 0, y: 20 },
      ].map(({ x, y }) => ({ x: expect.closeTo(x, 4) as number, y: expect.closeTo(y, 4) as number })),
    );
    const half = trace(layers, { a: gridOf(20, 0.5, 0.5, 0) }, 'a');
    expect(half?.[0].x).toBeCloseTo(10, 4);
    expect(half?.[2].x).toBeCloseTo(20, 4);
    expect(half?.[0].y).toBeCloseTo(5, 4);
  });

  it('goes through convolutions, pools and the transformer before', () => {
    const layers = networkDescription.parse({
      version: 1,
      layers: [
        { ...look, name: 'a' },
        { kind: 'conv', channels: 2, kernel: 5 },
        { kind: 'pool', size: 2 },
        { ...look, name: 'b' },
      ],
    }).layers;
    /* Behind the convolution 16 of 20 pixels are left, 2 from each edge; a halves them about the centre. */
    const found = trace(layers, { a: gridOf(20, 0.5, 0, 0), b: gridOf(8, 1, 0, 0) }, 'b');
    expect(found?.[0].x).toBeCloseTo(5 + 2 / 2, 4);
    expect(found?.[1].x).toBeCloseTo(15 - 2 / 2, 4);
  });
});
