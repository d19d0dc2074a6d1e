import { expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { add, mul } from '../../../core/graph/ops/arithmetic.ts';
import { cast, greater } from '../../../core/graph/ops/compare.ts';
import { exp, floor } from '../../../core/graph/ops/elementwise.ts';
import { dense } from '../../../core/graph/ops/linear.ts';
import { gridSample } from '../../../core/graph/ops/sample.ts';
import { crossEntropy, dropout, logSumExp, normalise, squaredError } from '../../../core/graph/ops/loss.ts';
import { reduceSum } from '../../../core/graph/ops/reduce.ts';
import { detach } from '../../../core/graph/value.ts';
import { checkGradient } from '../../support/check-gradient.ts';
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

test.each([
  ['cross entropy', 'x'],
  ['weighted cross entropy', 'x'],
])('%s is stable for large scores', (name) => {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 3]);
  const targets = g.constant([1, 0, 0, 0, 1, 0], [2, 3]);
  const weights = name.startsWith('weighted') ? g.constant([1, 0], [2]) : undefined;
  g.output('loss', crossEntropy(g, x, targets, weights));
  const results = interpret(g.build(), { x: array([1000, 1000, -1000, 5, 5, 5], [2, 3]) });
  const expected = weights ? Math.log(2) : (Math.log(2) + Math.log(3)) / 2;
  expect(results['loss'].data[0]).toBeCloseTo(expected, 10);
});

test.each([0, 1, -1])('logSumExp along axis %i and its gradient', (axis) => {
  const feeds = { x: array([0.1, -0.4, 1.2, 0.7, 0.3, -2], [2, 3]) };
  const slopes = checkGradient((g) => logSumExp(g, g.input('x', [2, 3]), axis), feeds, ['x']);
  for (const { analytic, numeric } of slopes) expect(analytic).toBeCloseTo(numeric, 7);
});

test('squared error and normalisation have gradients', () => {
  const feeds = { x: array([0.1, -0.4, 1.2, 0.7, 0.3, -2], [2, 3]) };
  const build = (g: GraphBuilder) => {
    const x = g.input('x', [2, 3]);
    return squaredError(g, normalise(g, x), 0.5);
  };
  for (const { analytic, numeric } of checkGradient(build, feeds, ['x'])) expect(analytic).toBeCloseTo(numeric, 7);
});

test('a dense layer with dropout', () => {
  const g = new GraphBuilder();
  const [x, w, bias, mask] = [
    g.input('x', [1, 2]),
    g.input('w', [2, 2]),
    g.input('bias', [2]),
    g.input('mask', [1, 2]),
  ];
  g.output('y', dropout(g, dense(g, x, w, bias), mask, 0.5));
  const feeds = {
    x: array([1, 2], [1, 2]),
    w: array([1, 2, 3, 4], [2, 2]),
    bias: array([1, 1], [2]),
    mask: array([0, 1], [1, 2]),
  };
  expect(Array.from(interpret(g.build(), feeds)['y'].data)).toEqual([0, 22]);
});
