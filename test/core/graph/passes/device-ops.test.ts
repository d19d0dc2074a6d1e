import { describe, expect, test } from 'vitest';
import { fusedMatMul } from '../../../../core/graph/ops/linear.ts';
import { transpose } from '../../../../core/graph/ops/movement.ts';
import { logSoftmax } from '../../../../core/graph/ops/reduce.ts';
import { deviceOps } from '../../../../core/graph/passes/device-ops.ts';
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
});
