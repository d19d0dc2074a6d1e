import { describe, expect, test } from 'vitest';
import type { GraphBuilder } from '../../../../core/graph/builder.ts';
import { pow } from '../../../../core/graph/ops/arithmetic.ts';
import { fusedMatMul } from '../../../../core/graph/ops/linear.ts';
import { transpose } from '../../../../core/graph/ops/movement.ts';
import { logSoftmax } from '../../../../core/graph/ops/reduce.ts';
import { deviceOps } from '../../../../core/graph/passes/device-ops.ts';
import type { Value } from '../../../../core/graph/value.ts';
import { opsAfter } from './pass-check.ts';

describe('ops for devices', () => {
  test.each([
    [{}, ['MatMul']],
    [{ transA: true }, ['Transpose', 'MatMul']],
    [{ transB: true, alpha: 0.5 }, ['Transpose', 'MatMul', 'Mul']],
    [{ transA: true, transB: true }, ['Transpose', 'Transpose', 'MatMul']],
  ])('a product %j is made of standard ops', (options, ops) => {
    const found = opsAfter(deviceOps, [4, 4, 4], (g, x) => fusedMatMul(g, x, transpose(g, x, [1, 0, 2]), options));
    expect(found).toEqual(['Transpose', ...ops]);
  });

  test.each([-1, 0, 1])('the logarithm of softmax along axis %i is made of reductions', (axis) => {
    const found = opsAfter(deviceOps, [2, 3, 4], (g, x) => logSoftmax(g, x, axis));
    expect(found).toEqual(['ReduceMax', 'Sub', 'Exp', 'ReduceSum', 'Log', 'Sub']);
  });

  test('a power whose inputs are both repeated repeats them first', () => {
    const column = (g: GraphBuilder): Value => g.constant([1, 2, 3], [3, 1]);
    expect(opsAfter(deviceOps, [4], (g, x) => pow(g, x, column(g)))).toEqual(['Where', 'Where', 'Pow']);
    expect(opsAfter(deviceOps, [4], (g, x) => pow(g, x, 3))).toEqual(['Pow']);
  });

  test('a range that runs backward from within is cut out first', () => {
    const backward = (from: number) => (g: GraphBuilder, x: Value) => {
      const bounds = [[from], [-(2 ** 63)], [0], [-2]].map((list) => g.constant(list, [1], 'int64'));
      return g.node('Slice', [x, ...bounds]);
    };
    expect(opsAfter(deviceOps, [7], backward(-2))).toEqual(['Slice', 'Slice']);
    expect(opsAfter(deviceOps, [7], backward(-1))).toEqual(['Slice']);
    expect(opsAfter(deviceOps, [7], backward(-9))).toEqual(['Slice', 'Slice']);
  });
});
