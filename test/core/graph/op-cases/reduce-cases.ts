import type { OpName } from '../../../../core/graph/op-name.ts';
import * as reduce from '../../../../core/graph/ops/reduce.ts';
import { one, type OpCase, unary } from './op-case.ts';

function reductions(op: OpName, build: typeof reduce.reduceSum): OpCase[] {
  return [
    one('all axes', [3, 4], (g, x) => build(g, x)),
    one('all axes kept', [3, 4], (g, x) => build(g, x, { keepDims: true })),
    one('inner axis', [2, 3, 4], (g, x) => build(g, x, { axes: [1] })),
    one('two axes kept', [2, 3, 4], (g, x) => build(g, x, { axes: [0, -1], keepDims: true })),
    one('axis of size 1', [2, 1, 3], (g, x) => build(g, x, { axes: [1] })),
    one('spatial axes of one image', [1, 2, 3, 5], (g, x) => build(g, x, { axes: [-2, -1] })),
    one('a scalar', [], (g, x) => build(g, x)),
    one('an empty list of axes means all', [2, 3], (g, x) => g.node(op, [x, g.constant([], [0], 'int64')])),
    one('an empty list of axes means none', [2, 3], (g, x) =>
      g.node(op, [x, g.constant([], [0], 'int64')], { noop_with_empty_axes: 1 }),
    ),
  ];
}

const whole = (build: typeof reduce.reduceSum): OpCase => ({
  name: 'int64',
  inputs: { x: { shape: [2, 3], dtype: 'int64', range: [-9, 9] } },
  build: (g, { x }) => build(g, x, { axes: [-1] }),
  wanted: [],
});

const zeros = (name: string, data: number[]): OpCase => ({
  name,
  inputs: { x: { shape: [2, 3], data } },
  build: (g, { x }) => reduce.reduceProd(g, x, { axes: [1] }),
});

/** Cases of reductions and what is built on them. */
export const reduceCases = {
  ArgMax: [
    ...[0, 1, -1].map((axis) => ({ ...one(`axis ${axis}`, [3, 4], (g, x) => reduce.argMax(g, x, axis)), wanted: [] })),
    { ...one('kept', [3, 4], (g, x) => reduce.argMax(g, x, 0, true)), wanted: [] },
    {
      name: 'the first of equals',
      inputs: { x: { shape: [2, 3], data: [1, 5, 5, 2, 2, 2] } },
      build: (g, { x }) => reduce.argMax(g, x),
      wanted: [],
    },
    {
      name: 'the last of equals',
      inputs: { x: { shape: [2, 3], data: [1, 5, 5, 2, 2, 2] } },
      build: (g, { x }) => g.node('ArgMax', [x], { axis: 1, select_last_index: 1 }),
      wanted: [],
    },
  ],
  LogSoftmax: [0, 1, -1].flatMap((axis) => [
    one(`axis ${axis}`, [3, 4], (g, x) => reduce.logSoftmax(g, x, axis)),
    one(`axis ${axis}, single`, [1, 1], (g, x) => reduce.logSoftmax(g, x, axis)),
  ]),
  ReduceLogSumExp: reductions('ReduceLogSumExp', reduce.reduceLogSumExp),
  ReduceMax: [...reductions('ReduceMax', reduce.reduceMax), whole(reduce.reduceMax)],
  ReduceMean: reductions('ReduceMean', reduce.reduceMean),
  ReduceMin: [...reductions('ReduceMin', reduce.reduceMin), whole(reduce.reduceMin)],
  ReduceProd: [
    ...reductions('ReduceProd', reduce.reduceProd),
    whole(reduce.reduceProd),
    zeros('one zero', [0.5, 0, 2, 1, 2, 3]),
    zeros('two zeros', [0, 0, 2, 0, 0, 0]),
  ],
  ReduceSum: [...reductions('ReduceSum', reduce.reduceSum), whole(reduce.reduceSum)],
  Softmax: [
    ...unary((g, x) => reduce.softmax(g, x)).filter(({ inputs }) => inputs['x'].shape.length > 0),
    ...[0, 1, -2].map((axis) => one(`axis ${axis}`, [2, 3, 5], (g, x) => reduce.softmax(g, x, axis))),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
