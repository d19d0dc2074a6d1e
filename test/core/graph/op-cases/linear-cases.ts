import type { OpName } from '../../../../core/graph/op-name.ts';
import { fusedMatMul, gemm, matMul } from '../../../../core/graph/ops/linear.ts';
import type { OpCase } from './op-case.ts';

const turns = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })));

function fused(a: number[], b: number[], options: Parameters<typeof fusedMatMul>[3]): OpCase {
  return {
    name: `[${a.join()}] by [${b.join()}] ${JSON.stringify(options)}`,
    inputs: { a: { shape: a }, b: { shape: b } },
    build: (g, values) => fusedMatMul(g, values['a'], values['b'], options),
  };
}

function product(a: number[], b: number[]): OpCase {
  return {
    name: `[${a.join()}] by [${b.join()}]`,
    inputs: { a: { shape: a }, b: { shape: b } },
    build: (g, values) => matMul(g, values['a'], values['b']),
  };
}

const biases = [[1, 5], [3, 1], [5], [3, 5], [1], []];

/** Cases of matrix products. */
export const linearCases = {
  FusedMatMul: turns.flatMap((turn) => [
    fused(turn.transA ? [2, 4, 3] : [2, 3, 4], turn.transB ? [1, 5, 4] : [1, 4, 5], { ...turn, alpha: 0.5 }),
    fused(turn.transA ? [4, 3] : [3, 4], turn.transB ? [2, 5, 4] : [2, 4, 5], turn),
  ]),
  Gemm: [
    ...turns.flatMap(({ transA, transB }) =>
      biases.map((c) => ({
        name: `transA ${transA}, transB ${transB}, bias [${c.join()}]`,
        inputs: { a: { shape: transA ? [4, 3] : [3, 4] }, b: { shape: transB ? [5, 4] : [4, 5] }, c: { shape: c } },
        build: ((g, values) =>
          gemm(g, values['a'], values['b'], values['c'], {
            transA,
            transB,
            alpha: 0.5,
            beta: 2,
          })) satisfies OpCase['build'],
      })),
    ),
    {
      name: 'no bias, one row',
      inputs: { a: { shape: [1, 3] }, b: { shape: [3, 2] } },
      build: (g, { a, b }) => gemm(g, a, b),
    },
  ],
  MatMul: [
    product([3, 4], [4, 5]),
    product([2, 3, 4], [4, 5]),
    product([3, 4], [2, 4, 5]),
    product([1, 3, 4], [2, 4, 5]),
    product([2, 1, 3, 4], [5, 4, 2]),
    product([1, 1, 1], [1, 1]),
    product([4], [2, 4, 5]),
    product([2, 3, 4], [4]),
    product([4], [4]),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
