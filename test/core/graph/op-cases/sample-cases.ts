import type { OpName } from '../../../../core/graph/op-name.ts';
import { gridSample, resize, type ResizeOptions } from '../../../../core/graph/ops/sample.ts';
import { one, type OpCase } from './op-case.ts';

const paddings = (['zeros', 'border', 'reflection'] as const).flatMap((paddingMode) =>
  [false, true].map((alignCorners) => ({ paddingMode, alignCorners })),
);

function sampled(x: number[], grid: number[], range: readonly [number, number]): OpCase[] {
  return paddings.map((options) => ({
    name: `x [${x.join()}], grid [${grid.join()}] within ${range.join()}, ${JSON.stringify(options)}`,
    inputs: { x: { shape: x }, grid: { shape: grid, range } },
    build: (g, values) => gridSample(g, values['x'], values['grid'], options),
  }));
}

/** Modes that are computed but not learned through. */
function unlearned(mode: 'nearest' | 'bicubic'): OpCase[] {
  return paddings.map((options) => ({
    name: `${mode}, ${JSON.stringify(options)}`,
    inputs: { x: { shape: [1, 2, 4, 5] }, grid: { shape: [1, 3, 3, 2], range: [-1.3, 1.3] } },
    build: (g, { x, grid }) => gridSample(g, x, grid, { mode, ...options }),
    wanted: [],
  }));
}

const resized = (name: string, shape: number[], options: ResizeOptions): OpCase =>
  one(`${name} ${JSON.stringify(options)}`, shape, (g, x) => resize(g, x, options));

const hw = { axes: [2, 3] };
const coordinates = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'] as const;
const roundings = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const;

/** Cases of the ops that read images between their pixels. */
export const sampleCases = {
  GridSample: [
    ...sampled([2, 3, 4, 5], [2, 3, 6, 2], [-1.4, 1.4]),
    ...sampled([1, 2, 3, 4], [1, 2, 5, 2], [-4, 4]),
    ...sampled([1, 1, 1, 6], [1, 2, 3, 2], [-0.9, 0.9]),
    ...unlearned('bicubic'),
    {
      name: 'nearest, halfway between pixels',
      inputs: {
        x: { shape: [1, 1, 4, 4] },
        grid: { shape: [1, 1, 4, 2], data: [-0.5, -0.5, 0, 0, 0.5, 0.5, -0.5, 0.5] },
      },
      build: (g, { x, grid }) => gridSample(g, x, grid, { mode: 'nearest' }),
      wanted: [],
    },
    ...unlearned('nearest'),
  ],
  Resize: [
    resized('nearest twice', [1, 2, 3, 4], { scales: [2, 3], ...hw, mode: 'nearest', coordinates: 'asymmetric' }),
    ...roundings.flatMap((nearest) => [
      resized('down', [1, 1, 7, 6], { sizes: [3, 4], ...hw, mode: 'nearest', nearest }),
      resized('up', [1, 1, 2, 3], { sizes: [5, 4], ...hw, mode: 'nearest', nearest }),
    ]),
    ...[
      ['floor', 'asymmetric', 14, 2] as const,
      ['floor', 'half_pixel', 7, 9] as const,
      ['ceil', 'half_pixel', 7, 17] as const,
      ['round_prefer_floor', 'asymmetric', 10, 28] as const,
      ['round_prefer_floor', 'half_pixel', 14, 19] as const,
      ['round_prefer_ceil', 'asymmetric', 7, 18] as const,
      ['round_prefer_ceil', 'half_pixel', 14, 1] as const,
    ].map(([nearest, way, from, to]) =>
      resized(`to ${to}, a place between two`, [1, 1, from, 1], {
        ...{ sizes: [to], axes: [2], mode: 'nearest', nearest, coordinates: way },
      }),
    ),
    ...coordinates.flatMap((way) => [
      resized('up', [1, 2, 3, 4], { sizes: [5, 9], ...hw, coordinates: way }),
      resized('down', [1, 2, 9, 8], { sizes: [4, 3], ...hw, coordinates: way }),
      resized('to one', [1, 2, 5, 4], { sizes: [1, 1], ...hw, coordinates: way }),
    ]),
    resized('by factors', [1, 1, 5, 7], { scales: [0.7, 1.5], ...hw }),
    resized('linear down', [1, 2, 9, 8], { sizes: [4, 3], ...hw, antialias: true }),
    ...['not_larger', 'not_smaller'].map((policy) =>
      one(`down to 4 x 4, ${policy}`, [1, 2, 9, 7], (g, x) =>
        g.node('Resize', [x, null, null, g.constant([4, 4], [2], 'int64')], {
          mode: 'linear',
          coordinate_transformation_mode: 'half_pixel',
          antialias: 1,
          axes: [2, 3],
          keep_aspect_ratio_policy: policy,
        }),
      ),
    ),
    resized('all axes', [1, 2, 5, 4], { sizes: [1, 2, 7, 3], coordinates: 'align_corners' }),
    resized('by factors that change no size', [1, 1, 1, 2], { scales: [1.5, 1.3], ...hw, mode: 'nearest' }),
    resized('of the same size', [1, 2, 5, 4], { sizes: [5, 4], ...hw }),
    resized('negative axes', [1, 2, 3, 4], { sizes: [5, 2], axes: [-2, -1] }),
    resized('one pixel', [1, 2, 1, 1], { sizes: [3, 2], ...hw }),
    resized('cubic', [1, 2, 6, 5], { sizes: [9, 4], ...hw, mode: 'cubic' }),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
