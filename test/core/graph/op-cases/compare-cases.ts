import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import type { OpName } from '../../../../core/graph/op-name.ts';
import * as compare from '../../../../core/graph/ops/compare.ts';
import type { DType } from '../../../../core/graph/tensor.ts';
import type { Value } from '../../../../core/graph/value.ts';
import { binary, ofType, type OpCase } from './op-case.ts';

type Comparison = (g: GraphBuilder, a: Value, b: Value) => Value;

function comparisons(build: Comparison): OpCase[] {
  return [...binary(build, { wanted: [] }), ofType('int64', build, [-2, 2]), ofType('int32', build, [-2, 2])];
}

function converted(from: DType, to: DType): OpCase {
  return {
    name: `${from} to ${to}`,
    inputs: { x: { shape: [2, 3], dtype: from, range: from === 'uint8' ? [0, 250] : [-3, 3] } },
    build: (g, { x }) => compare.cast(g, x, to),
    wanted: from === 'float32' && to === 'float64' ? ['x'] : [],
  };
}

const condition = { shape: [3, 4], dtype: 'bool' } as const;

/** Cases of comparisons, logic, choice by condition and conversion. */
export const compareCases = {
  And: [ofType('bool', compare.and)],
  Cast: [
    converted('float32', 'float64'),
    converted('float32', 'int64'),
    converted('float32', 'int32'),
    converted('float32', 'bool'),
    converted('int64', 'float32'),
    converted('int32', 'int64'),
    converted('bool', 'float32'),
    converted('uint8', 'float32'),
  ],
  Equal: [...comparisons(compare.equal), ofType('bool', compare.equal)],
  Greater: comparisons(compare.greater),
  GreaterOrEqual: comparisons(compare.greaterOrEqual),
  Less: comparisons(compare.less),
  LessOrEqual: comparisons(compare.lessOrEqual),
  Not: [ofType('bool', compare.not)],
  Or: [ofType('bool', compare.or)],
  Where: [
    {
      name: 'all repeated',
      inputs: { c: condition, a: { shape: [2, 1, 4] }, b: { shape: [3, 1] } },
      build: (g, { c, a, b }) => compare.where(g, c, a, b),
    },
    {
      name: 'one condition for all',
      inputs: { c: { shape: [], dtype: 'bool', data: [1] }, a: { shape: [2, 3] }, b: { shape: [] } },
      build: (g, { c, a, b }) => compare.where(g, c, a, b),
    },
    {
      name: 'with a number',
      inputs: { c: condition, a: { shape: [4] } },
      build: (g, { c, a }) => compare.where(g, c, 0.5, a),
    },
    {
      name: 'int64',
      inputs: { c: condition, a: { shape: [4], dtype: 'int64', range: [-9, 9] } },
      build: (g, { c, a }) => compare.where(g, c, a, 0),
      wanted: [],
    },
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
