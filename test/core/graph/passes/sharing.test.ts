import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { add, mul, sub } from '../../../../core/graph/ops/arithmetic.ts';
import { cast } from '../../../../core/graph/ops/compare.ts';
import { exp, relu } from '../../../../core/graph/ops/elementwise.ts';
import { gather } from '../../../../core/graph/ops/indexing.ts';
import { gemm, matMul } from '../../../../core/graph/ops/linear.ts';
import { concat, expand, reshape, transpose } from '../../../../core/graph/ops/movement.ts';
import { constantOfShape, shapeOf } from '../../../../core/graph/ops/run-time-shape.ts';
import { reduceMax, reduceMean, reduceSum } from '../../../../core/graph/ops/reduce.ts';
import { commonSubexpressions } from '../../../../core/graph/passes/common-subexpressions.ts';
import { constantFolding } from '../../../../core/graph/passes/constant-folding.ts';
import { expansions } from '../../../../core/graph/passes/expansions.ts';
import { products } from '../../../../core/graph/passes/products.ts';
import { reductions } from '../../../../core/graph/passes/reductions.ts';
import { rewrite } from '../../../../core/graph/passes/rewrite.ts';
import { opsAfter } from './pass-check.ts';

describe('constant folding', () => {
  test('what follows from constants is a constant', () => {
    const ops = opsAfter(constantFolding, [2, 3], (g, x) => {
      const weights = transpose(g, g.constant([1, 2, 3, 4, 5, 6], [3, 2]), [1, 0]);
      return mul(g, x, exp(g, add(g, weights, 1)));
    });
    expect(ops).toEqual(['Mul']);
  });

  test('what follows from shapes is a constant where they cannot change', () => {
    const open = { 0: 'n' };
    const last = (g: GraphBuilder, x: ReturnType<GraphBuilder['constant']>): typeof x =>
      g.node('Reshape', [
        x,
        concat(g, [g.constant([-1], [1], 'int64'), reshape(g, gather(g, shapeOf(g, x), 2, 0), [1])], 0),
      ]);
    expect(opsAfter(constantFolding, [2, 3, 4], last)).toEqual(['Reshape']);
    expect(opsAfter(constantFolding, [2, 3, 4], last, open)).toEqual([
      'Shape',
      'Gather',
      'Reshape',
      'Concat',
      'Reshape',
    ]);
  });

  test('small constants do not become large ones', () => {
    const ops = opsAfter(constantFolding, [100, 100], (g, x) =>
      add(g, x, constantOfShape(g, g.constant([100, 100], [2], 'int64'), 2)),
    );
    expect(ops).toEqual(['ConstantOfShape', 'Add']);
  });

  test('a result is rounded once', () => {
    const g = new GraphBuilder();
    g.output('y', exp(g, g.constant([0.3], [1])));
    const { constants, nodes } = rewrite(g.build(), [constantFolding]);
    expect(nodes).toEqual([]);
    expect(Object.values(constants)[0].data[0]).toBe(Math.fround(Math.exp(Math.fround(0.3))));
  });
});

describe('common subexpressions', () => {
  test('are computed once, in either order where the op has none', () => {
    const ops = opsAfter(commonSubexpressions, [4], (g, x) => {
      const [a, b] = [exp(g, x), relu(g, x)];
      return mul(g, sub(g, add(g, a, b), mul(g, x, 2)), sub(g, add(g, relu(g, x), exp(g, x)), mul(g, x, 2)));
    });
    expect(ops).toEqual(['Exp', 'Relu', 'Add', 'Mul', 'Sub', 'Mul']);
  });

  test('differ in their attributes', () => {
    const ops = opsAfter(commonSubexpressions, [2, 2], (g, x) =>
      matMul(g, reduceSum(g, x, { axes: [0], keepDims: true }), reshape(g, reduceSum(g, x, { axes: [0] }), [2, 1])),
    );
    expect(ops).toEqual(['ReduceSum', 'ReduceSum', 'Reshape', 'MatMul']);
  });
});

test('dead nodes and constants are gone; inputs stay', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  g.input('unused', [3]);
  g.output('y', relu(g, x));
  const graph = g.build();
  const dead = { ...graph.nodes[0], outputs: [{ ...graph.nodes[0].outputs[0], id: 'dead' }] };
  const constants = { forgotten: { dtype: 'float32', shape: [1], data: Float32Array.of(1) } } as const;
  const found = rewrite({ ...graph, nodes: [...graph.nodes, dead], constants }, []);
  expect(found.nodes).toHaveLength(1);
  expect(found.constants).toEqual({});
  expect(found.inputs.map(({ name }) => name)).toEqual(['x', 'unused']);
});

describe('reductions', () => {
  test('drop their axes themselves', () => {
    const ops = opsAfter(reductions, [2, 3, 4], (g, x) =>
      reshape(g, reduceMean(g, x, { axes: [0, 2], keepDims: true }), [3]),
    );
    expect(ops).toEqual(['ReduceMean']);
  });

  test('in a row are one', () => {
    const kept = { keepDims: true };
    expect(
      opsAfter(reductions, [2, 3, 4], (g, x) => reduceSum(g, reduceSum(g, x, { axes: [0] }), { axes: [-1] })),
    ).toEqual(['ReduceSum']);
    expect(
      opsAfter(reductions, [2, 3, 4], (g, x) =>
        reduceMax(g, reduceMax(g, x, { axes: [1], ...kept }), { axes: [2], ...kept }),
      ),
    ).toEqual(['ReduceMax']);
    expect(
      opsAfter(reductions, [2, 3, 4], (g, x) => reduceSum(g, reduceSum(g, x, { axes: [1], ...kept }), { axes: [2] })),
    ).toHaveLength(2);
    expect(
      opsAfter(reductions, [2, 3, 4], (g, x) => reduceSum(g, reduceMax(g, x, { axes: [1] }), { axes: [1] })),
    ).toHaveLength(2);
  });

  test('over axes of size 1 are a reshape', () => {
    expect(opsAfter(reductions, [2, 1, 4], (g, x) => reduceMean(g, x, { axes: [1] }))).toEqual(['Reshape']);
  });
});

describe('products', () => {
  test('take transposed factors as they are', () => {
    const weights = Float32Array.from({ length: 12 }, (_, i) => i);
    expect(
      opsAfter(products, [3, 4], (g, x) =>
        matMul(g, g.constant(weights, [4, 3]), g.node('Relu', [transpose(g, transpose(g, x, [1, 0]), [1, 0])])),
      ),
    ).toContain('MatMul');
    expect(opsAfter(products, [3, 4], (g, x) => matMul(g, transpose(g, x, [1, 0]), x))).toEqual(['Gemm']);
    const ops = opsAfter(products, [3, 4], (g, x) =>
      gemm(g, x, transpose(g, g.constant(new Float32Array(15).fill(2), [3, 5]), [1, 0]), g.constant([1, 2, 3, 4, 5]), {
        transA: true,
        transB: true,
      }),
    );
    expect(ops).toEqual(['Gemm']);
  });

  test('of whole numbers stay as they are: ONNX Runtime has no Gemm for them', () => {
    const ops = opsAfter(products, [3, 4], (g, x) => {
      const whole = cast(g, x, 'int64');
      return matMul(g, transpose(g, whole, [1, 0]), whole);
    });
    expect(ops).toEqual(['Cast', 'Transpose', 'MatMul']);
  });
});

describe('expansions', () => {
  test('are left out before ops that broadcast', () => {
    expect(
      opsAfter(expansions, [2, 3], (g, x) => mul(g, x, expand(g, reduceSum(g, x, { axes: [0] }), [2, 3]))),
    ).toEqual(['ReduceSum', 'Mul']);
  });

  test('stay where the shape needs them', () => {
    expect(opsAfter(expansions, [1, 3], (g, x) => mul(g, x, expand(g, x, [2, 3])))).toEqual(['Expand', 'Mul']);
    expect(
      opsAfter(expansions, [2, 3], (g, x) => mul(g, x, expand(g, reduceSum(g, x, { axes: [0] }), [2, 3])), { 0: 'n' }),
    ).toContain('Expand');
  });
});
