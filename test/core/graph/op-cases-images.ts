import { conv, convTranspose } from '../../../core/graph/ops/convolution.ts';
import { averagePool, globalAveragePool, maxPool } from '../../../core/graph/ops/pooling.ts';
import { gridSample, resize, type ResizeOptions } from '../../../core/graph/ops/sample.ts';
import type { OpCase } from './op-case.ts';

type Options = NonNullable<Parameters<typeof conv>[4]>;

function convolution(x: number[], w: number[], options: Options): OpCase {
  return {
    name: `x [${x.join()}], w [${w.join()}], ${JSON.stringify(options)}`,
    inputs: { x: { shape: x }, w: { shape: w }, bias: { shape: [w[0]] } },
    build: (g, values) => conv(g, values['x'], values['w'], values['bias'], options),
  };
}

function transposed(x: number[], w: number[], options: Options & { outputPadding?: number[] }): OpCase {
  return {
    name: `x [${x.join()}], w [${w.join()}], ${JSON.stringify(options)}`,
    inputs: { x: { shape: x }, w: { shape: w }, bias: { shape: [w[1] * (options.group ?? 1)] } },
    build: (g, values) => convTranspose(g, values['x'], values['w'], values['bias'], options),
  };
}

function pooled(pool: typeof maxPool, shape: number[], options: Parameters<typeof maxPool>[2]): OpCase {
  return {
    name: `[${shape.join()}], ${JSON.stringify(options)}`,
    inputs: { x: { shape } },
    build: (g, { x }) => pool(g, x, options),
  };
}

const pools = (pool: typeof maxPool): OpCase[] => [
  pooled(pool, [2, 3, 4, 6], { kernel: [2, 2], strides: [2, 2] }),
  pooled(pool, [1, 2, 5, 7], { kernel: [2, 2], strides: [2, 2] }),
  pooled(pool, [1, 2, 6, 8], { kernel: [3, 2], strides: [3, 2] }),
  pooled(pool, [1, 2, 5, 6], { kernel: [3, 3] }),
  pooled(pool, [1, 2, 7, 6], { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
];

const samples: OpCase[] = (['zeros', 'border', 'reflection'] as const).flatMap((paddingMode) =>
  [false, true].map((alignCorners) => ({
    name: `${paddingMode}, align corners ${alignCorners}`,
    inputs: { x: { shape: [2, 3, 4, 5] }, grid: { shape: [2, 3, 6, 2], range: [-1.4, 1.4] } },
    build: (g, { x, grid }) => gridSample(g, x, grid, { paddingMode, alignCorners }),
    ...(paddingMode === 'reflection' && { wanted: ['grid'] }),
  })),
);

const resized = (name: string, shape: number[], options: ResizeOptions): OpCase => ({
  name,
  inputs: { x: { shape } },
  build: (g, { x }) => resize(g, x, options),
});

/** Cases of the ops on images. */
export const imageCases = {
  AveragePool: [
    ...pools(averagePool),
    {
      name: 'without padding in the count',
      inputs: { x: { shape: [1, 2, 7, 6] } },
      build: (g, { x }) => g.node('AveragePool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    },
  ],
  Conv: [
    convolution([2, 4, 5, 6], [1, 4, 3, 3], { pads: [1, 0, 1, 2] }),
    convolution([2, 3, 6, 7], [4, 3, 3, 3], {}),
    convolution([2, 3, 6, 7], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
    convolution([2, 3, 9, 8], [4, 3, 3, 2], { strides: [2, 3], pads: [1, 0, 2, 1] }),
    convolution([2, 3, 9, 9], [4, 3, 3, 2], { dilations: [2, 3], pads: [1, 2, 1, 2] }),
    convolution([2, 4, 6, 5], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }),
    convolution([2, 3, 6, 5], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }),
    convolution([2, 1, 8, 9], [3, 1, 3, 4], { pads: [1, 2, 1, 2] }),
    convolution([2, 1, 21, 22], [2, 1, 9, 9], { strides: [4, 4] }),
    convolution([1, 1, 12, 11], [2, 1, 3, 3], { strides: [2, 3], dilations: [2, 1] }),
    convolution([2, 5, 7, 8], [4, 5, 3, 2], {}),
    convolution([2, 5, 7, 8], [4, 5, 3, 3], { pads: [1, 1, 1, 1] }),
    convolution([2, 5, 9, 8], [4, 5, 3, 2], { dilations: [2, 3], pads: [1, 2, 0, 1] }),
    convolution([1, 17, 9, 8], [2, 17, 3, 2], { strides: [2, 3], pads: [1, 0, 2, 1] }),
    convolution([2, 5, 3, 4], [3, 5, 1, 1], {}),
    convolution([2, 2, 4, 4], [3, 2, 4, 4], {}),
  ],
  ConvTranspose: [
    transposed([2, 3, 4, 5], [3, 2, 3, 3], {}),
    transposed([2, 3, 4, 5], [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 1] }),
    transposed([1, 4, 3, 4], [4, 2, 3, 2], { group: 2, strides: [2, 1] }),
  ],
  GlobalAveragePool: [
    { name: '', inputs: { x: { shape: [2, 3, 4, 5] } }, build: (g, { x }) => globalAveragePool(g, x) },
  ],
  GridSample: [
    ...samples,
    {
      name: 'one channel, one row',
      inputs: { x: { shape: [1, 1, 1, 6] }, grid: { shape: [1, 2, 3, 2], range: [-0.9, 0.9] } },
      build: (g, { x, grid }) => gridSample(g, x, grid, { alignCorners: true }),
    },
    {
      name: 'nearest',
      inputs: { x: { shape: [1, 2, 4, 5] }, grid: { shape: [1, 3, 3, 2] } },
      build: (g, { x, grid }) => gridSample(g, x, grid, { mode: 'nearest' }),
      wanted: [],
    },
  ],
  MaxPool: pools(maxPool),
  Resize: [
    resized('nearest twice', [1, 2, 3, 4], {
      scales: [2, 3],
      axes: [2, 3],
      mode: 'nearest',
      coordinates: 'asymmetric',
    }),
    resized('linear up', [1, 2, 3, 4], { sizes: [5, 9], axes: [2, 3] }),
    resized('linear down', [1, 2, 9, 8], { sizes: [4, 3], axes: [2, 3] }),
    resized('linear down, antialias', [1, 2, 9, 8], { sizes: [4, 3], axes: [2, 3], antialias: true }),
    resized('corners', [1, 2, 5, 4], { sizes: [1, 2, 7, 3], coordinates: 'align_corners' }),
    resized('cubic', [1, 2, 6, 5], { sizes: [9, 4], axes: [2, 3], mode: 'cubic' }),
    resized('nearest down', [1, 1, 7, 6], {
      sizes: [3, 4],
      axes: [2, 3],
      mode: 'nearest',
      nearest: 'round_prefer_floor',
    }),
  ],
} satisfies Record<string, readonly OpCase[]>;
