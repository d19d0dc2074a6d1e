import { expect } from 'vitest';
import { createRandom } from '../../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import type { Pass } from '../../../../core/graph/passes/pass.ts';
import { rewrite } from '../../../../core/graph/passes/rewrite.ts';
import { elementCount, type Tensor } from '../../../../core/graph/tensor.ts';
import type { Graph, Value } from '../../../../core/graph/value.ts';
import { array, fromTensor, interpret } from '../../../support/interpreter.ts';

/** Checks that two graphs compute the same in float64, from the given feeds or from random ones. */
export function expectSame(graph: Graph, other: Graph, given?: Readonly<Record<string, Tensor>>): void {
  const random = createRandom(3);
  const feeds = graph.inputs.map(({ name, value: { shape, dtype } }) => {
    const draw = (): number => (dtype.startsWith('float') ? random.normal() : random.integer(2));
    return [name, array(Array.from({ length: elementCount(shape) }, draw), shape)] as const;
  });
  const plain = Object.entries(given ?? {}).map(([name, of]) => [name, fromTensor(of)] as const);
  const all = Object.fromEntries(given ? plain : feeds);
  const [expected, found] = [graph, other].map((one) => interpret(one, all));
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name].shape).toEqual(shape);
    data.forEach((value, i) => {
      const difference = Math.abs(value - found[name].data[i]);
      expect(difference, name).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
    });
  }
}

/** Applies a pass to what `build` makes of an input x, checks that it computes the same, and returns the ops left. */
export function opsAfter(
  pass: Pass,
  shape: readonly number[],
  build: (g: GraphBuilder, x: Value) => Value,
  dynamic: Readonly<Record<number, string>> = {},
): string[] {
  const g = new GraphBuilder();
  g.output('y', build(g, g.input('x', shape, 'float32', dynamic)));
  const graph = g.build();
  const found = rewrite(graph, [pass]);
  expectSame(graph, found);
  return found.nodes.map(({ op }) => op);
}
