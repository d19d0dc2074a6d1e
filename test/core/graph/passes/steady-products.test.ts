import { describe, expect, test } from 'vitest';
import { gemm, matMul } from '../../../../core/graph/ops/linear.ts';
import { transpose } from '../../../../core/graph/ops/movement.ts';
import { steadyProducts } from '../../../../core/graph/passes/steady-products.ts';
import { opsAfter } from './pass-check.ts';

const rows = 3;
const terms = 130;
const columns = 5;

describe('steady products', () => {
  test('a wide product with long sums is computed transposed', () => {
    const found = opsAfter(steadyProducts, [rows, terms], (g, x) =>
      matMul(g, x, g.constant(new Float32Array(terms * columns).fill(0.5), [terms, columns])),
    );
    expect(found).toEqual(['Gemm', 'Transpose']);
  });

  test.each([[[columns]], [[1, columns]], [[rows, columns]], [[rows, 1]], [[1]], [[]]])(
    'what is added to it keeps its place: shape %j',
    (shape) => {
      const numbers = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
      const weights = new Float32Array(terms * columns).map((_, i) => Math.sin(i));
      for (const [transA, transB] of [
        [false, false],
        [true, true],
      ])
        opsAfter(steadyProducts, transA ? [terms, rows] : [rows, terms], (g, x) => {
          const w = g.constant(weights, transB ? [columns, terms] : [terms, columns]);
          return gemm(g, x, w, g.constant(numbers, shape), { transA, transB, alpha: 2, beta: 0.5 });
        });
    },
  );

  test('tall products and short sums stay as they are', () => {
    const tall = opsAfter(steadyProducts, [columns, terms], (g, x) => matMul(g, x, transpose(g, x, [1, 0])));
    expect(tall).toEqual(['Transpose', 'MatMul']);
    const short = opsAfter(steadyProducts, [2, 100], (g, x) =>
      matMul(g, x, g.constant(new Float32Array(100 * columns), [100, columns])),
    );
    expect(short).toEqual(['MatMul']);
  });
});
