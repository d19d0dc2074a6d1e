import { expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { add, mul } from '../../../core/graph/ops/arithmetic.ts';
import { cast, greater } from '../../../core/graph/ops/compare.ts';
import { exp, floor } from '../../../core/graph/ops/elementwise.ts';
import { gridSample } from '../../../core/graph/ops/sample.ts';
import { argMax, reduceSum } from '../../../core/graph/ops/reduce.ts';
import { detach } from '../../../core/graph/value.ts';
import { array, interpret } from '../../support/interpreter.ts';

test('gradients add up where a value is used twice', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  const loss = reduceSum(g, add(g, mul(g, x, x), mul(g, x, 3)));
  g.output('dx', backward(g, loss, [x])[0]);
  expect(Array.from(interpret(g.build(), { x: array([1, -2], [2]) })['dx'].data)).toEqual([5, -1]);
});

test('inner values have gradients too', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  const inner = mul(g, x, x);
  const [toInner, toX] = backward(g, reduceSum(g, mul(g, inner, 3)), [inner, x]);
  g.output('inner', toInner);
  g.output('x.gradient', toX);
  const results = interpret(g.build(), { x: array([1, -2], [2]) });
  expect(Array.from(results['inner'].data)).toEqual([3, 3]);
  expect(Array.from(results['x.gradient'].data)).toEqual([6, -12]);
});

test('no gradient passes a detached value', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [1]);
  g.output('dx', backward(g, reduceSum(g, mul(g, x, detach(exp(g, x)))), [x])[0]);
  expect(interpret(g.build(), { x: array([1], [1]) })['dx'].data[0]).toBeCloseTo(Math.E, 12);
});

test('a mask made by comparing is a constant', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  g.output('dx', backward(g, reduceSum(g, mul(g, x, cast(g, greater(g, x, 0), 'float32'))), [x])[0]);
  expect(Array.from(interpret(g.build(), { x: array([2, -2], [2]) })['dx'].data)).toEqual([1, 0]);
});

test('an op without a gradient on the way is named with its input', () => {
  const g = new GraphBuilder();
  const x = g.input('pixels', [2]);
  const loss = reduceSum(g, floor(g, x));
  expect(() => backward(g, loss, [x])).toThrow(/Floor: no gradient reaches input 0 \('pixels'\): .*step function/);
});

test('training through a nearest sampler is refused with the reason', () => {
  const g = new GraphBuilder();
  const grid = g.input('grid', [1, 2, 2, 2]);
  const loss = reduceSum(g, gridSample(g, g.input('x', [1, 1, 4, 4]), grid, { mode: 'nearest' }));
  expect(() => backward(g, loss, [grid])).toThrow(/GridSample: its gradient toward the grid is zero everywhere/);
});

test('a loss that is no single number and a value without influence are refused', () => {
  const g = new GraphBuilder();
  const [x, other] = [g.input('x', [2]), g.input('other', [2])];
  expect(() => backward(g, x, [x])).toThrow(/the loss is float32 \[2\]/);
  expect(() => backward(g, reduceSum(g, x), [other])).toThrow(/does not depend on 'other'/);
});

test('an index is not differentiable, and the error says so', () => {
  const g = new GraphBuilder();
  const x = g.input('scores', [2, 3]);
  const loss = reduceSum(g, cast(g, argMax(g, x), 'float32'));
  expect(() => backward(g, loss, [x])).toThrow(
    /no gradient passes ArgMax on the way from the loss to 'scores': its result is an index/,
  );
  expect(() => backward(g, reduceSum(g, detach(exp(g, x))), [x])).toThrow(/no gradient passes ReduceSum .* detached/);
});
