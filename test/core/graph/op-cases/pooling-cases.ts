import type { OpName } from '../../../../core/graph/op-name.ts';
import { averagePool, globalAveragePool, maxPool } from '../../../../core/graph/ops/pooling.ts';
import type { Attributes } from '../../../../core/graph/value.ts';
import { one, type OpCase } from './op-case.ts';

function pooled(pool: typeof maxPool, shape: number[], options: Parameters<typeof maxPool>[2]): OpCase {
  return one(JSON.stringify(options), shape, (g, x) => pool(g, x, options));
}

function loaded(op: OpName, shape: number[], attributes: Attributes): OpCase {
  return one(JSON.stringify(attributes), shape, (g, x) => g.node(op, [x], attributes));
}

const pools = (pool: typeof maxPool): OpCase[] => [
  pooled(pool, [2, 3, 4, 6], { kernel: [2, 2], strides: [2, 2] }),
  pooled(pool, [1, 2, 5, 7], { kernel: [2, 2], strides: [2, 2] }),
  pooled(pool, [1, 2, 6, 8], { kernel: [3, 2], strides: [3, 2] }),
  pooled(pool, [1, 2, 5, 6], { kernel: [3, 3] }),
  pooled(pool, [1, 2, 7, 6], { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  pooled(pool, [1, 2, 9, 8], { kernel: [3, 4], strides: [2, 3], pads: [0, 2, 1, 1] }),
  pooled(pool, [1, 1, 9, 9], { kernel: [2, 2], strides: [4, 3] }),
  pooled(pool, [1, 2, 1, 1], { kernel: [1, 1] }),
  pooled(pool, [2, 2, 7], { kernel: [3], strides: [2] }),
  pooled(pool, [1, 2, 8], { kernel: [2], strides: [2] }),
  pooled(pool, [1, 1, 3, 5, 4], { kernel: [2, 3, 2], strides: [1, 2, 2] }),
];

const automatic = (op: OpName): OpCase[] =>
  ['SAME_UPPER', 'SAME_LOWER', 'VALID'].flatMap((auto_pad) => [
    loaded(op, [1, 2, 5, 6], { kernel_shape: [2, 3], auto_pad }),
    loaded(op, [1, 1, 7, 6], { kernel_shape: [3, 3], strides: [2, 2], auto_pad }),
  ]);

/** Cases of pools. */
export const poolingCases = {
  AveragePool: [
    ...pools(averagePool),
    ...automatic('AveragePool'),
    loaded('AveragePool', [1, 2, 7, 6], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    loaded('AveragePool', [1, 2, 8, 6], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    loaded('AveragePool', [1, 1, 4, 5], { kernel_shape: [2, 2], strides: [3, 3], ceil_mode: 1 }),
  ],
  GlobalAveragePool: [
    one('', [2, 3, 4, 5], (g, x) => globalAveragePool(g, x)),
    one('one pixel', [1, 3, 1, 1], (g, x) => globalAveragePool(g, x)),
    one('a line', [2, 3, 5], (g, x) => globalAveragePool(g, x)),
  ],
  MaxPool: [
    ...pools(maxPool),
    ...automatic('MaxPool'),
    pooled(maxPool, [1, 2, 8, 6], { kernel: [3, 3], strides: [2, 2], ceil: true }),
    pooled(maxPool, [1, 1, 5, 4], { kernel: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0], ceil: true }),
    {
      ...pooled(maxPool, [1, 1, 5, 4], { kernel: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil: true }),
      wanted: [],
    },
    loaded('MaxPool', [1, 2, 7, 8], { kernel_shape: [2, 3], dilations: [2, 2], strides: [1, 2] }),
    loaded('MaxPool', [1, 1, 9, 7], { kernel_shape: [3, 2], dilations: [3, 2], strides: [2, 3], pads: [1, 0, 2, 1] }),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
