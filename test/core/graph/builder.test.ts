import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { add, div } from '../../../core/graph/ops/arithmetic.ts';
import { conv } from '../../../core/graph/ops/convolution.ts';
import { gather } from '../../../core/graph/ops/indexing.ts';
import { gemm, matMul } from '../../../core/graph/ops/linear.ts';
import { concat, reshape, slice } from '../../../core/graph/ops/movement.ts';
import { shapeOf } from '../../../core/graph/ops/run-time-shape.ts';
import { maxPool } from '../../../core/graph/ops/pooling.ts';
import { int64, tensor } from '../../../core/graph/tensor.ts';

test('equal small constants are one value', () => {
  const g = new GraphBuilder();
  expect(g.constant(0.5)).toBe(g.constant(0.5));
  expect(g.constant(0)).not.toBe(g.constant(-0));
  expect(g.constant([1, 2], [2], 'int64')).not.toBe(g.constant([1, 2], [2], 'int32'));
});

test('what no output needs is left out', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  add(g, x, 3);
  g.output('y', add(g, x, 4));
  const graph = g.build();
  expect(graph.nodes.length).toBe(1);
  expect(Object.keys(graph.constants).length).toBe(1);
});

test('shapes computed from shapes are known while building', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 6, 4]);
  const shape = shapeOf(g, x);
  const half = div(g, gather(g, shape, [1], 0), g.constant(int64([2])));
  const target = concat(g, [slice(g, shape, { starts: [0], ends: [1] }), half, g.constant([-1], [1], 'int64')], 0);
  expect(g.node('Reshape', [x, target]).shape).toEqual([2, 3, 8]);
});

test('mistakes are refused where they are made', () => {
  const g = new GraphBuilder();
  const [x, w] = [g.input('x', [1, 3, 8, 8]), g.input('w', [4, 2, 3, 3])];
  expect(() => g.input('x', [1])).toThrow(/'x': the name is taken/);
  expect(() => {
    g.output('w', x);
  }).toThrow(/output 'w': the name is taken/);
  expect(() => conv(g, x, w, null)).toThrow(/Conv: x \[1, 3, 8, 8\] does not fit weights \[4, 2, 3, 3\] in 1 groups/);
  expect(() => add(g, x, w)).toThrow(/Add: shapes \[1, 3, 8, 8\] and \[4, 2, 3, 3\] do not broadcast/);
  expect(() => add(g, x, g.constant(1, [], 'int64'))).toThrow(/Add: inputs of dtype float32 and int64/);
  expect(() => matMul(g, x, w)).toThrow(/cannot be multiplied/);
  expect(() => gemm(g, x, w)).toThrow(/expected two matrices/);
  expect(() => reshape(g, x, [5, -1])).toThrow(/Reshape: \[1, 3, 8, 8\] does not fit into \[5, -1\]/);
  expect(() => maxPool(g, x, { kernel: [9, 9] })).toThrow(/a window of 9 does not fit into a padded axis of 8/);
  expect(() => g.node('Relu', [null])).toThrow(/Relu: input 0 is missing/);
  expect(() => g.node('LeakyRelu', [x], { alpha: 0.5 })).toThrow(/'alpha' is not a whole number/);
  expect(() => g.node('Reshape', [x, g.input('s', [1], 'int64')])).toThrow(/must be a constant/);
  expect(() => tensor([1, 2, 3], [2, 2])).toThrow(/3 elements do not fill the shape \[2, 2\]/);
});
