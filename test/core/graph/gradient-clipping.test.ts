import { expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { clipByNorm, clipByValue } from '../../../core/graph/gradient-clipping.ts';
import { array, interpret } from '../../support/interpreter.ts';

test('gradients above the norm are scaled together, those below are not', () => {
  const g = new GraphBuilder();
  const [a, b] = [g.input('a', [2]), g.input('b', [1])];
  const { gradients, norm } = clipByNorm(g, [a, b], 5);
  g.output('a.clipped', gradients[0]);
  g.output('b.clipped', gradients[1]);
  g.output('norm', norm);
  const graph = g.build();
  const large = interpret(graph, { a: array([6, 0], [2]), b: array([8], [1]) });
  expect([...large['a.clipped'].data, ...large['b.clipped'].data, ...large['norm'].data]).toEqual([3, 0, 4, 10]);
  const small = interpret(graph, { a: array([0.5, 0], [2]), b: array([1], [1]) });
  expect([...small['a.clipped'].data, ...small['b.clipped'].data]).toEqual([0.5, 0, 1]);
  const none = interpret(graph, { a: array([0, 0], [2]), b: array([0], [1]) });
  expect([...none['a.clipped'].data, ...none['b.clipped'].data]).toEqual([0, 0, 0]);
});

test('single elements are held within a limit', () => {
  const g = new GraphBuilder();
  const [clipped] = clipByValue(g, [g.input('a', [3])], 0.5);
  g.output('clipped', clipped);
  expect([...interpret(g.build(), { a: array([-2, 0.25, 0.75], [3]) })['clipped'].data]).toEqual([-0.5, 0.25, 0.5]);
});
