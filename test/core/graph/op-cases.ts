import type { GraphBuilder } from '../../../core/graph/builder.ts';
import type { OpName } from '../../../core/graph/op-name.ts';
import * as arithmetic from '../../../core/graph/ops/arithmetic.ts';
import * as compare from '../../../core/graph/ops/compare.ts';
import * as elementwise from '../../../core/graph/ops/elementwise.ts';
import * as indexing from '../../../core/graph/ops/indexing.ts';
import * as linear from '../../../core/graph/ops/linear.ts';
import * as movement from '../../../core/graph/ops/movement.ts';
import * as normalisation from '../../../core/graph/ops/normalisation.ts';
import * as reduce from '../../../core/graph/ops/reduce.ts';
import type { Value } from '../../../core/graph/value.ts';
import type { CaseInput, OpCase } from './op-case.ts';
import { imageCases } from './op-cases-images.ts';

const any = { shape: [3, 4] };
const positive = { shape: [3, 4], range: [0.3, 2] } as const;

function unary(build: (g: GraphBuilder, x: Value) => Value, input: CaseInput = any, wanted?: string[]): OpCase[] {
  return [{ name: '', inputs: { x: input }, build: (g, { x }) => build(g, x), ...(wanted && { wanted }) }];
}

function binary(
  build: (g: GraphBuilder, a: Value, b: Value) => Value,
  { range = [-1, 1], wanted }: { range?: readonly [number, number]; wanted?: readonly string[] } = {},
): OpCase[] {
  const shapes = [
    [
      [3, 4],
      [3, 4],
    ],
    [
      [2, 3, 4],
      [3, 1],
    ],
    [
      [1, 4],
      [2, 3, 1],
    ],
    [[2, 2], []],
  ];
  return shapes.map(([left, right]) => ({
    name: `[${left.join()}] with [${right.join()}]`,
    inputs: { a: { shape: left, range }, b: { shape: right, range } },
    build: (g, { a, b }) => build(g, a, b),
    ...(wanted && { wanted }),
  }));
}

const bools = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0];

function logic(build: (g: GraphBuilder, a: Value, b: Value) => Value): OpCase[] {
  const input = { shape: [3, 4], dtype: 'bool', data: bools } as const;
  return [
    {
      name: '',
      inputs: { a: input, b: { shape: [4], dtype: 'bool', data: [1, 0, 0, 1] } },
      build: (g, { a, b }) => build(g, a, b),
      wanted: [],
    },
  ];
}

function reductions(build: typeof reduce.reduceSum): OpCase[] {
  return [
    { name: 'all axes', inputs: { x: any }, build: (g, { x }) => build(g, x) },
    { name: 'all axes kept', inputs: { x: any }, build: (g, { x }) => build(g, x, { keepDims: true }) },
    { name: 'inner axis', inputs: { x: { shape: [2, 3, 4] } }, build: (g, { x }) => build(g, x, { axes: [1] }) },
    {
      name: 'two axes kept',
      inputs: { x: { shape: [2, 3, 4] } },
      build: (g, { x }) => build(g, x, { axes: [0, -1], keepDims: true }),
    },
  ];
}

function reshaping(build: (g: GraphBuilder, x: Value) => Value, shape: number[] = [2, 3, 4]): OpCase {
  return { name: '', inputs: { x: { shape } }, build: (g, { x }) => build(g, x) };
}

const products: OpCase[] = [false, true].flatMap((transA) =>
  [false, true].map((transB) => ({
    name: `transA ${transA}, transB ${transB}, batch repeated`,
    inputs: { a: { shape: transA ? [2, 4, 3] : [2, 3, 4] }, b: { shape: transB ? [1, 5, 4] : [1, 4, 5] } },
    build: (g, { a, b }) => linear.fusedMatMul(g, a, b, { transA, transB, alpha: 0.5 }),
  })),
);

const gemms: OpCase[] = [false, true].flatMap((transA) =>
  [false, true].map((transB) => ({
    name: `transA ${transA}, transB ${transB}`,
    inputs: { a: { shape: transA ? [4, 3] : [3, 4] }, b: { shape: transB ? [5, 4] : [4, 5] }, c: { shape: [1, 5] } },
    build: (g, { a, b, c }) => linear.gemm(g, a, b, c, { transA, transB, alpha: 0.5, beta: 2 }),
  })),
);

const indices = { shape: [2, 2], dtype: 'int64', data: [0, 2, -1, 0] } as const;

/** Cases of every op. Total: an op without cases does not compile. */
export const opCases: Readonly<Record<OpName, readonly OpCase[]>> = {
  ...imageCases,
  Abs: unary(elementwise.abs),
  Add: binary(arithmetic.add),
  And: logic(compare.and),
  ArgMax: [
    ...unary((g, x) => reduce.argMax(g, x), any, []),
    { name: 'kept', inputs: { x: any }, build: (g, { x }) => reduce.argMax(g, x, 0, true), wanted: [] },
  ],
  BatchNormalization: [
    {
      name: '',
      inputs: {
        x: { shape: [2, 3, 4, 5] },
        scale: { shape: [3] },
        bias: { shape: [3] },
        mean: { shape: [3] },
        variance: { shape: [3], range: [0.5, 2] },
      },
      build: (g, { x, scale, bias, mean, variance }) =>
        normalisation.batchNormalization(g, x, { scale, bias, mean, variance }),
      wanted: ['x', 'scale', 'bias'],
    },
  ],
  Cast: [
    ...unary((g, x) => compare.cast(g, x, 'float64')),
    {
      name: 'to int64',
      inputs: { x: { shape: [6], range: [-3, 3] } },
      build: (g, { x }) => compare.cast(g, x, 'int64'),
      wanted: [],
    },
    {
      name: 'from bool',
      inputs: { x: { shape: [12], dtype: 'bool', data: bools } },
      build: (g, { x }) => compare.cast(g, x, 'float32'),
    },
  ],
  Ceil: unary(elementwise.ceil, any, []),
  Clip: [
    ...unary((g, x) => elementwise.clip(g, x, { min: -0.4, max: 0.6 })),
    { name: 'below only', inputs: { x: any }, build: (g, { x }) => elementwise.clip(g, x, { max: 0.2 }) },
  ],
  Concat: [
    {
      name: '',
      inputs: { a: { shape: [2, 1, 3] }, b: { shape: [2, 2, 3] }, c: { shape: [2, 3, 3] } },
      build: (g, { a, b, c }) => movement.concat(g, [a, b, c], 1),
    },
    { name: 'the same twice', inputs: { a: any }, build: (g, { a }) => movement.concat(g, [a, a], -1) },
  ],
  ConstantOfShape: unary((g, x) => movement.constantOfShape(g, movement.shapeOf(g, x), 2.5), any, []),
  Cos: unary(elementwise.cos),
  Div: binary(arithmetic.div, { range: [0.3, 2] }),
  Equal: binary(compare.equal, { wanted: [] }),
  Erf: unary(elementwise.erf),
  Exp: unary(elementwise.exp),
  Expand: [
    reshaping((g, x) => movement.expand(g, x, [2, 3, 4]), [3, 1]),
    reshaping((g, x) => movement.expand(g, x, [5]), []),
  ],
  Flatten: [reshaping((g, x) => movement.flatten(g, x)), reshaping((g, x) => movement.flatten(g, x, -1))],
  Floor: unary(elementwise.floor, any, []),
  FusedMatMul: products,
  Gather: [
    { name: '', inputs: { x: { shape: [3, 2, 3] }, i: indices }, build: (g, { x, i }) => indexing.gather(g, x, i, 2) },
    { name: 'one', inputs: { x: any }, build: (g, { x }) => indexing.gather(g, x, 1, 0) },
    { name: 'a list', inputs: { x: any }, build: (g, { x }) => indexing.gather(g, x, [2, 2, 0], -1) },
  ],
  GatherElements: [
    {
      name: '',
      inputs: { x: { shape: [3, 2] }, i: indices },
      build: (g, { x, i }) => indexing.gatherElements(g, x, i, 0),
    },
  ],
  Gemm: [
    ...gemms,
    {
      name: 'no bias',
      inputs: { a: { shape: [2, 3] }, b: { shape: [3, 2] } },
      build: (g, { a, b }) => linear.gemm(g, a, b),
    },
  ],
  Greater: binary(compare.greater, { wanted: [] }),
  GreaterOrEqual: binary(compare.greaterOrEqual, { wanted: [] }),
  Identity: unary(elementwise.identity),
  LeakyRelu: unary((g, x) => elementwise.leakyRelu(g, x, 0.2)),
  Less: binary(compare.less, { wanted: [] }),
  LessOrEqual: binary(compare.lessOrEqual, { wanted: [] }),
  Log: unary(elementwise.log, positive),
  LogSoftmax: unary((g, x) => reduce.logSoftmax(g, x, 0)),
  MatMul: [
    [
      [3, 4],
      [4, 5],
    ],
    [
      [2, 3, 4],
      [4, 5],
    ],
    [
      [1, 3, 4],
      [2, 4, 5],
    ],
    [[4], [2, 4, 5]],
    [[2, 3, 4], [4]],
    [[4], [4]],
  ].map(([a, b]) => ({
    name: `[${a.join()}] by [${b.join()}]`,
    inputs: { a: { shape: a }, b: { shape: b } },
    build: (g, values) => linear.matMul(g, values['a'], values['b']),
  })),
  Max: binary(arithmetic.max),
  Min: binary(arithmetic.min),
  Mul: binary(arithmetic.mul),
  Neg: unary(elementwise.neg),
  Not: [
    {
      name: '',
      inputs: { x: { shape: [12], dtype: 'bool', data: bools } },
      build: (g, { x }) => compare.not(g, x),
      wanted: [],
    },
  ],
  Or: logic(compare.or),
  Pad: [
    reshaping((g, x) => indexing.pad(g, x, { pads: [0, 1, 0, 2, 0, 1] })),
    reshaping((g, x) => indexing.pad(g, x, { pads: [1, 2], axes: [-1], value: 3 })),
    reshaping((g, x) => indexing.pad(g, x, { pads: [0, -1, 1, 0, 0, -2] })),
    {
      ...reshaping((g, x) => indexing.pad(g, x, { pads: [0, 1, 2, 0, 2, 1], mode: 'edge' })),
      name: 'edge',
      wanted: [],
    },
    {
      ...reshaping((g, x) => indexing.pad(g, x, { pads: [0, 1, 2, 0, 2, 1], mode: 'reflect' })),
      name: 'reflect',
      wanted: [],
    },
  ],
  Pow: binary(arithmetic.pow, { range: [0.3, 2] }),
  Reciprocal: unary(elementwise.reciprocal, positive),
  ReduceMax: reductions(reduce.reduceMax),
  ReduceMean: reductions(reduce.reduceMean),
  ReduceMin: reductions(reduce.reduceMin),
  ReduceSum: reductions(reduce.reduceSum),
  Relu: unary(elementwise.relu),
  Reshape: [reshaping((g, x) => movement.reshape(g, x, [0, -1])), reshaping((g, x) => movement.reshape(g, x, [4, 6]))],
  Round: unary(elementwise.round, { shape: [6], data: [0.5, 1.5, -0.5, 2.4, -1.7, 3] }, []),
  ScatterElements: [
    {
      name: 'adding',
      inputs: { x: { shape: [3, 2] }, i: indices, u: { shape: [2, 2] } },
      build: (g, { x, i, u }) => indexing.scatterElements(g, x, i, u, 0, 'add'),
    },
    {
      name: 'writing',
      inputs: { x: { shape: [4, 2] }, i: { ...indices, data: [0, 2, -1, 0] }, u: { shape: [2, 2] } },
      build: (g, { x, i, u }) => indexing.scatterElements(g, x, i, u, 0),
    },
  ],
  Shape: unary((g, x) => movement.shapeOf(g, x), any, []),
  Sigmoid: unary(elementwise.sigmoid),
  Sin: unary(elementwise.sin),
  Slice: [
    reshaping((g, x) => movement.slice(g, x, { starts: [1, 0], ends: [3, -1], axes: [1, 2] })),
    reshaping(
      (g, x) => movement.slice(g, x, { starts: [0, 1], ends: [99, 6], axes: [0, 2], steps: [2, 3] }),
      [5, 2, 7],
    ),
    reshaping((g, x) => movement.slice(g, x, { starts: [-2], ends: [-9], axes: [2], steps: [-2] }), [1, 2, 7]),
    reshaping((g, x) => indexing.reverse(g, x, 1)),
    reshaping((g, x) => movement.slice(g, x, { starts: [2], ends: [2], axes: [1] })),
  ],
  Softmax: [...unary((g, x) => reduce.softmax(g, x)), ...unary((g, x) => reduce.softmax(g, x, 0))],
  Softplus: unary(elementwise.softplus),
  Split: [
    reshaping((g, x) => arithmetic.mul(g, movement.split(g, x, [1, 3], 2)[1], movement.split(g, x, [1, 3], 2)[0])),
    reshaping((g, x) => movement.split(g, x, [2, 1, 1], -1)[1]),
  ],
  Sqrt: unary(elementwise.sqrt, positive),
  Squeeze: [reshaping((g, x) => movement.squeeze(g, x, [0, -1]), [1, 3, 1])],
  Sub: binary(arithmetic.sub),
  Tanh: unary(elementwise.tanh),
  Tile: [reshaping((g, x) => movement.tile(g, x, [2, 1, 3]))],
  Transpose: [reshaping((g, x) => movement.transpose(g, x, [2, 0, 1])), reshaping((g, x) => g.node('Transpose', [x]))],
  Unsqueeze: [reshaping((g, x) => movement.unsqueeze(g, x, [0, -1]))],
  Where: [
    {
      name: '',
      inputs: { c: { shape: [3, 4], dtype: 'bool', data: bools }, a: { shape: [2, 1, 4] }, b: { shape: [3, 1] } },
      build: (g, { c, a, b }) => compare.where(g, c, a, b),
    },
  ],
};
