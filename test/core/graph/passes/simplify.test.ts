import { describe, expect, test } from 'vitest';
import { encode } from '../../../../core/graph/encode.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { GraphError } from '../../../../core/graph/graph-error.ts';
import { mul } from '../../../../core/graph/ops/arithmetic.ts';
import { reshape } from '../../../../core/graph/ops/movement.ts';
import { shapeOf } from '../../../../core/graph/ops/run-time-shape.ts';
import { rewrite } from '../../../../core/graph/passes/rewrite.ts';
import { simplify } from '../../../../core/graph/passes/simplify.ts';
import { float32, numbers } from '../../../../core/graph/tensor.ts';
import type { Graph } from '../../../../core/graph/value.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { gradientGraph } from '../../../support/check-gradient.ts';
import { content, declare, wantedOf } from '../op-cases/case-content.ts';
import { opCases } from '../op-cases/op-cases.ts';
import type { OpCase } from '../op-cases/op-case.ts';
import { expectSame } from './pass-check.ts';

const all = Object.entries(opCases).flatMap(([op, cases]) =>
  cases.map((one): [string, OpCase] => [`${op} ${one.name}`, one]),
);

function graphOf(one: OpCase): Graph {
  const wanted = wantedOf(one);
  if (wanted.length > 0) return gradientGraph((g) => declare(g, one), wanted);
  const g = new GraphBuilder();
  g.output('y', declare(g, one));
  return g.build();
}

describe('every op and its gradient, simplified, compute the same', () => {
  test.each(all)('%s', (_, one) => {
    const graph = graphOf(one);
    const small = simplify(graph);
    expect(small.nodes.length).toBeLessThanOrEqual(graph.nodes.length);
    expectSame(graph, small, content(one));
    expect(simplify(small).nodes).toHaveLength(small.nodes.length);
  });
});

test('an input or a constant may be what is left of an output', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  g.output('x.next', mul(g, x, 1));
  g.output('same', mul(g, x, 1));
  g.output('shape', shapeOf(g, x));
  const small = simplify(g.build());
  expect(small.nodes).toEqual([]);
  const session = await openSession(encode(small), { threads: 1 });
  const found = await session.run({ x: float32([3, 4], [2]) });
  expect(numbers(found['x.next'])).toEqual([3, 4]);
  expect(numbers(found['same'])).toEqual([3, 4]);
  expect(numbers(found['shape'])).toEqual([2]);
  await session.dispose();
});

test('open axes stay open', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [1, 4], 'float32', { 0: 'n' });
  g.output('y', reshape(g, reshape(g, mul(g, x, 1), [0, 2, 2]), [-1, 4]), { 0: 'n' });
  const small = simplify(g.build());
  const session = await openSession(encode(small), { threads: 1 });
  expect((await session.run({ x: float32(new Float32Array(12), [3, 4]) }))['y'].shape).toEqual([3, 4]);
  await session.dispose();
});

test('a pass that changes a type is a mistake that is named', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 3]);
  g.output('y', mul(g, x, 2));
  const wrong = { name: 'wrong', start: () => () => [x.shape.length > 5 ? x : reshape(g, x, [6])] };
  expect(() => rewrite(g.build(), [wrong])).toThrow(GraphError);
  expect(() => rewrite(g.build(), [wrong])).toThrow(/the pass 'wrong' changes the type of Mul/);
});
