import type { OpName } from '../../../../core/graph/op-name.ts';
import {
  batchNormalization,
  instanceNormalization,
  layerNormalization,
} from '../../../../core/graph/ops/normalisation.ts';
import type { OpCase } from './op-case.ts';

const positive = [0.5, 2] as const;

function batch(shape: number[], wanted?: string[]): OpCase {
  const own = { shape: [shape[1]] };
  return {
    name: `[${shape.join()}] toward ${wanted?.join() ?? 'all'}`,
    inputs: { x: { shape }, scale: own, bias: own, mean: own, variance: { ...own, range: positive } },
    build: (g, { x, scale, bias, mean, variance }) => batchNormalization(g, x, { scale, bias, mean, variance }),
    ...(wanted && { wanted }),
  };
}

function instance(shape: number[]): OpCase {
  const own = { shape: [shape[1]] };
  return {
    name: `[${shape.join()}]`,
    inputs: { x: { shape }, scale: own, bias: own },
    build: (g, { x, scale, bias }) => instanceNormalization(g, x, scale, bias, 1e-3),
  };
}

function layer(shape: number[], axis: number, bias = true): OpCase {
  const own = { shape: shape.slice(axis < 0 ? axis + shape.length : axis) };
  return {
    name: `[${shape.join()}] from axis ${axis}${bias ? '' : ', no bias'}`,
    inputs: { x: { shape }, scale: own, ...(bias && { bias: own }) },
    build: (g, values) => layerNormalization(g, values['x'], values['scale'], bias ? values['bias'] : null, { axis }),
  };
}

/** Cases of normalisations. */
export const normalisationCases = {
  BatchNormalization: [
    batch([2, 3, 4, 5]),
    batch([2, 3, 4, 5], ['x']),
    batch([2, 3, 4, 5], ['variance']),
    batch([1, 1, 1, 1]),
    batch([3, 2]),
    batch([2, 2, 5]),
  ],
  InstanceNormalization: [instance([2, 3, 4, 5]), instance([1, 1, 3, 1]), instance([2, 2, 5])],
  LayerNormalization: [
    layer([2, 3, 4], -1),
    layer([2, 3, 4], 1),
    layer([2, 3, 4], 2, false),
    layer([1, 5], -1),
    layer([3], 0),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
