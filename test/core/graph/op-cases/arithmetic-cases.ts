import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import { add, div, max, min, mul, pow, sub } from '../../../../core/graph/ops/arithmetic.ts';
import type { OpName } from '../../../../core/graph/op-name.ts';
import type { Value } from '../../../../core/graph/value.ts';
import { binary, ofType, type OpCase } from './op-case.ts';

type Binary = (g: GraphBuilder, a: Value, b: Value) => Value;

const positive = [1, 5] as const;

function whole(build: Binary, range?: readonly [number, number]): OpCase[] {
  return [ofType('int64', build, range), ofType('int32', build, range)];
}

function ofMany(op: 'Max' | 'Min'): OpCase[] {
  return [
    {
      name: 'of three, all repeated',
      inputs: { a: { shape: [2, 1, 4] }, b: { shape: [3, 1] }, c: { shape: [] } },
      build: (g, { a, b, c }) => g.node(op, [a, b, c]),
    },
    { name: 'of one', inputs: { a: { shape: [2, 3] } }, build: (g, { a }) => g.node(op, [a]) },
    {
      name: 'toward the middle one alone',
      inputs: { a: { shape: [5] }, b: { shape: [5] }, c: { shape: [5] } },
      build: (g, { a, b, c }) => g.node(op, [a, b, c]),
      wanted: ['b'],
    },
  ];
}

function raised(exponent: number): OpCase {
  return {
    name: `to the ${exponent}`,
    inputs: { a: { shape: [3, 4], range: exponent % 1 === 0 ? [-2, 2] : [0.5, 2] } },
    build: (g, { a }) => pow(g, a, exponent),
  };
}

/** Cases of the ops of two numbers. */
export const arithmeticCases = {
  Add: [...binary(add), ...whole(add)],
  Div: [...binary(div, { range: [0.3, 2] }), ...whole(div, positive)],
  Max: [...binary(max), ...whole(max), ...ofMany('Max')],
  Min: [...binary(min), ...whole(min), ...ofMany('Min')],
  Mul: [...binary(mul), ...whole(mul)],
  Pow: [
    ...binary(pow, { range: [0.3, 2] }),
    ...[0, 1, 2, 3, 0.5, -2].map(raised),
    {
      name: 'by a whole exponent',
      inputs: { a: { shape: [2, 3] }, b: { shape: [3], dtype: 'int64', data: [0, 2, 3] } },
      build: (g, { a, b }) => pow(g, a, b),
    },
    {
      name: 'of bases that are not positive, toward the exponent',
      inputs: { a: { shape: [3], data: [0, 0, 2] }, b: { shape: [3], data: [1.5, 2, 3] } },
      build: (g, { a, b }) => pow(g, a, b),
      wanted: ['b'],
    },
  ],
  Sub: [...binary(sub), ...whole(sub)],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
