import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import { trainBatchNormalization } from '../../../../core/graph/ops/batch-normalisation.ts';
import { greater } from '../../../../core/graph/ops/compare.ts';
import { dropout, maskedDropout } from '../../../../core/graph/ops/dropout.ts';
import { gelu } from '../../../../core/graph/ops/elementwise.ts';
import { dense } from '../../../../core/graph/ops/linear.ts';
import * as loss from '../../../../core/graph/ops/loss.ts';
import { concat } from '../../../../core/graph/ops/movement.ts';
import { uniformNoise } from '../../../../core/graph/ops/noise.ts';
import { charbonnier, gemanMcClure, huber } from '../../../../core/graph/ops/robust-loss.ts';
import type { Value } from '../../../../core/graph/value.ts';
import { one, type OpCase, unary } from './op-case.ts';

type Pair = (g: GraphBuilder, a: Value, b: Value, weights?: Value) => Value;

const weights = { shape: [4], data: [1, 0, 0.5, 1] };

/** Two inputs of N = 4 samples, alone and with weights; then with one of them repeated. */
function pairs(build: Pair, range: readonly [number, number] = [-2, 2]): OpCase[] {
  const a = { shape: [4, 3], range };
  return [
    { name: 'mean', inputs: { a, b: a }, build: (g, values) => build(g, values['a'], values['b']) },
    {
      name: 'weighted',
      inputs: { a, b: a, weights },
      build: (g, values) => build(g, values['a'], values['b'], values['weights']),
    },
    {
      name: 'one repeated',
      inputs: { a, b: { shape: [1, 3], range } },
      build: (g, values) => build(g, values['a'], values['b']),
    },
    {
      name: 'one sample',
      inputs: { a: { shape: [1, 1], range }, b: { shape: [1, 1], range } },
      build: (g, values) => build(g, values['a'], values['b']),
    },
  ];
}

const statistics = { shape: [3], range: [0.5, 2] } as const;

function batch(name: string, shape: number[], result: 'y' | 'running', momentum = 0.9): OpCase {
  return {
    name: `${name} [${shape.join()}]`,
    inputs: { x: { shape }, scale: statistics, bias: { shape: [3] }, mean: { shape: [3] }, variance: statistics },
    build: (g, { x, scale, bias, mean, variance }) => {
      const trained = trainBatchNormalization(g, x, { scale, bias, mean, variance }, { momentum });
      return result === 'y' ? trained.y : concat(g, [trained.mean, trained.variance], 0);
    },
    wanted: result === 'y' ? ['x', 'scale', 'bias'] : ['mean', 'variance'],
  };
}

const seeds = [0, 1, 2047, 2048, 4_194_303];

const dropouts: OpCase[] = [
  { name: 'by elements', shape: [3, 50] },
  { name: 'by channels', shape: [2, 3, 4, 5], mask: [2, 3, 1, 1] },
  { name: 'a single number', shape: [] },
].map(({ name, shape, mask }) => ({
  name,
  inputs: { x: { shape }, seed: { shape: [], data: [17] } },
  build: (g, { x, seed }) => dropout(g, x, seed, { rate: 0.3, stream: 2, ...(mask && { shape: mask }) }),
  wanted: ['x'],
}));

const triplet = { shape: [4, 3], range: [-1, 1] } as const;

/** Cases of the functions that are built of several ops. */
export const functionCases: Readonly<Record<string, readonly OpCase[]>> = {
  charbonnier: pairs((g, a, b, w) => charbonnier(g, a, b, { scale: 0.1, ...(w && { weights: w }) })),
  cosineDistance: pairs((g, a, b, w) => loss.cosineDistance(g, a, b, w), [0.2, 2]).slice(0, 3),
  crossEntropy: [...pairs((g, a, b, w) => loss.crossEntropy(g, a, b, w)).slice(0, 2)],
  dense: [
    {
      name: '',
      inputs: { x: { shape: [1, 4] }, w: { shape: [4, 3] }, bias: { shape: [3] } },
      build: (g, { x, w, bias }) => dense(g, x, w, bias),
    },
  ],
  dropout: dropouts,
  gelu: (['exact', 'tanh'] as const).flatMap((form) => unary((g, x) => gelu(g, x, form), { range: [-3, 3] })),
  gemanMcClure: pairs((g, a, b, w) => gemanMcClure(g, a, b, { scale: 0.7, ...(w && { weights: w }) })),
  huber: pairs((g, a, b, w) => huber(g, a, b, { scale: 0.8, ...(w && { weights: w }) })),
  logSumExp: [0, 1, -1].flatMap((axis) => [
    one(`axis ${axis}`, [2, 3], (g, x) => loss.logSumExp(g, x, axis)),
    one(`axis ${axis} kept`, [2, 3], (g, x) => loss.logSumExp(g, x, axis, true)),
  ]),
  maskedDropout: [
    {
      name: '',
      inputs: { x: { shape: [2, 3] }, mask: { shape: [1, 3], data: [1, 0, 1] } },
      build: (g, { x, mask }) => maskedDropout(g, x, mask, 0.5),
      wanted: ['x'],
    },
  ],
  normalise: [-1, 0].map((axis) => one(`axis ${axis}`, [3, 4], (g, x) => loss.normalise(g, x, axis))),
  squaredError: pairs((g, a, b, w) => loss.squaredError(g, a, b, w)),
  trainBatchNormalization: [
    batch('result', [4, 3], 'y'),
    batch('result', [2, 3, 4, 5], 'y'),
    batch('result', [1, 3, 2], 'y'),
    batch('running statistics', [2, 3, 4, 5], 'running'),
    batch('statistics of this batch alone', [2, 3, 4, 5], 'running', 0.5),
  ],
  tripletHinge: [0, 1, 4].flatMap((margin) => [
    {
      name: `margin ${margin}`,
      inputs: { a: triplet, p: triplet, n: triplet },
      build: ((g, { a, p, n }) => loss.tripletHinge(g, a, p, n, { margin })) satisfies OpCase['build'],
    },
    {
      name: `margin ${margin}, weighted`,
      inputs: { a: triplet, p: triplet, n: triplet, weights },
      build: ((g, { a, p, n, weights: w }) =>
        loss.tripletHinge(g, a, p, n, { margin, weights: w })) satisfies OpCase['build'],
    },
  ]),
  uniformNoise: seeds.flatMap((seed) => [
    {
      name: `seed ${seed}`,
      inputs: { seed: { shape: [], data: [seed] } },
      build: ((g, values) => uniformNoise(g, values['seed'], [7, 9], 3)) satisfies OpCase['build'],
      wanted: [],
    },
    {
      name: `whole seed ${seed}`,
      inputs: { seed: { shape: [1], dtype: 'int64' as const, data: [seed] } },
      build: ((g, values) => greater(g, uniformNoise(g, values['seed'], [1, 100]), 0.5)) satisfies OpCase['build'],
      wanted: [],
    },
  ]),
  weightedMean: [
    {
      name: 'of several numbers per sample',
      inputs: { x: { shape: [4, 2, 3] }, weights },
      build: (g, values) => loss.weightedMean(g, values['x'], values['weights']),
    },
  ],
};
