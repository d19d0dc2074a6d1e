import { expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { add, mul } from '../../../core/graph/ops/arithmetic.ts';
import { cast, greater } from '../../../core/graph/ops/compare.ts';
import { exp, floor } from '../../../core/graph/ops/elementwise.ts';
import { conv } from '../../../core/graph/ops/convolution.ts';
import { tile, unsqueeze } from '../../../core/graph/ops/movement.ts';
import { gridSample } from '../../../core/graph/ops/sample.ts';
import { argMax, reduceSum } from '../../../core/graph/ops/reduce.ts';
import { elementCount, float32, numbers, type Tensor } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
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

test('where an axis has size 0 gradients are zeros, or empty', async () => {
  const g = new GraphBuilder();
  const [x, w, spare] = [g.input('x', [0, 1, 5, 5]), g.input('w', [2, 1, 3, 3]), g.input('spare', [2, 0])];
  const crops = gridSample(g, conv(g, x, w, null), g.input('grid', [0, 2, 2, 2]));
  const loss = add(g, reduceSum(g, crops), reduceSum(g, tile(g, unsqueeze(g, spare, [0]), [0, 1, 3])));
  backward(g, loss, [x, w, spare]).forEach((gradient, i) => g.output(`${i}`, gradient));
  const session = await openSession(g.build(), { threads: 1, optimise: false });
  const feeds = { x, w, spare, grid: { shape: [0, 2, 2, 2] } };
  const results = await session.run(Object.fromEntries(Object.entries(feeds).map(([name, of]) => [name, ones(of)])));
  await session.dispose();
  expect(Object.values(results).map(({ shape }) => shape)).toEqual([x.shape, w.shape, spare.shape]);
  expect(numbers(results['1'])).toEqual(Array<number>(18).fill(0));
});

function ones({ shape }: { readonly shape: readonly number[] }): Tensor {
  return float32(new Float32Array(elementCount(shape)).fill(1), shape);
}
