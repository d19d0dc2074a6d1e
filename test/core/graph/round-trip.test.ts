import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { decode } from '../../../core/graph/decode.ts';
import { encode } from '../../../core/graph/encode.ts';
import { add, mul } from '../../../core/graph/ops/arithmetic.ts';
import { relu } from '../../../core/graph/ops/elementwise.ts';
import { reshape } from '../../../core/graph/ops/movement.ts';
import { readGraph } from '../../../core/graph/read-graph.ts';
import { tensor } from '../../../core/graph/tensor.ts';
import type { Attributes, Graph, Value } from '../../../core/graph/value.ts';
import { gradientGraph } from '../../support/check-gradient.ts';
import { declare, wantedOf } from './op-cases/case-content.ts';
import type { OpCase } from './op-cases/op-case.ts';
import { opCases } from './op-cases/op-cases.ts';

/** Attributes as a file holds them: floats have 32 bits. */
function held(attributes: Attributes): unknown {
  const entries = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'object' && 'float' in value ? { float: Math.fround(value.float) } : value,
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** A graph without the names of inner values, which a file need not keep, and without nodes that only name a value. */
function canonical({ inputs, outputs, nodes, constants }: Graph): unknown {
  const names = new Map<string, unknown>(Object.entries(constants));
  for (const { name, value } of inputs) names.set(value.id, `input ${name}`);
  const type = ({ shape, dtype }: Value): unknown => ({ shape, dtype });
  const steps: unknown[] = [];
  for (const node of nodes) {
    const read = node.inputs.map((input) => (input ? names.get(input.id) : null));
    while (read.at(-1) === null) read.pop();
    if (node.op === 'Identity') names.set(node.outputs[0].id, read[0]);
    else {
      node.outputs.forEach((output, i) => names.set(output.id, `node ${steps.length} output ${i}`));
      steps.push({ op: node.op, read, types: node.outputs.map(type), attributes: held(node.attributes) });
    }
  }
  return {
    inputs: inputs.map(({ name, value, dynamic }) => ({ name, dynamic, type: type(value) })),
    outputs: outputs.map(({ name, value, dynamic }) => ({ name, dynamic, type: type(value), is: names.get(value.id) })),
    steps,
  };
}

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

describe('a graph that was written and read is the same', () => {
  test.each(all)('%s', (_, one) => {
    const graph = graphOf(one);
    const bytes = encode(graph);
    const read = readGraph(bytes);
    expect(canonical(read)).toEqual(canonical(graph));
    const again = encode(read);
    expect(encode(readGraph(again))).toEqual(again);
  });
});

test('open axes, names and metadata survive', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [1, 4, 3], 'float32', { 0: 'n', 2: 'w' });
  const y = relu(
    g,
    reshape(g, add(g, mul(g, x, g.input('scale', [])), g.constant(tensor([1, 2, 3, 4], [4, 1]))), [0, 2, -1]),
  );
  g.output('y', y, { 0: 'n', 2: 'any' });
  g.output('x.next', x, { 0: 'n', 2: 'w' });
  const graph = g.build();
  const bytes = encode(graph, { metadata: { kind: 'test' } });
  expect(canonical(readGraph(bytes, { sizes: { n: 1, w: 3 }, keepOpen: true }))).toEqual(canonical(graph));
  expect(decode(bytes).metadata).toEqual({ kind: 'test' });
  const fixed = readGraph(bytes, { sizes: { n: 5, w: 7 } });
  expect(fixed.inputs.map(({ value, dynamic }) => [value.shape, dynamic])).toEqual([
    [[5, 4, 7], {}],
    [[], {}],
  ]);
  expect(fixed.outputs[0].value.shape).toEqual([5, 2, 14]);
});
