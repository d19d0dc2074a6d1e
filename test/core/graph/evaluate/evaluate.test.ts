import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { evaluate } from '../../../../core/graph/evaluate/evaluate.ts';
import { evaluators } from '../../../../core/graph/evaluate/kernels.ts';
import { add, div, mul } from '../../../../core/graph/ops/arithmetic.ts';
import { cast } from '../../../../core/graph/ops/compare.ts';
import { floor } from '../../../../core/graph/ops/elementwise.ts';
import { slice } from '../../../../core/graph/ops/movement.ts';
import { shapeOf } from '../../../../core/graph/ops/run-time-shape.ts';
import { numbers, tensor, type Tensor } from '../../../../core/graph/tensor.ts';
import type { OpName } from '../../../../core/graph/op-name.ts';
import { fromTensor, interpret } from '../../../support/interpreter.ts';
import { content, declare } from '../op-cases/case-content.ts';
import { opCases } from '../op-cases/op-cases.ts';
import type { OpCase } from '../op-cases/op-case.ts';

const cases = (Object.keys(evaluators) as OpName[]).flatMap((op) =>
  opCases[op].map((one): [string, OpName, OpCase] => [`${op} ${one.name}`, op, one]),
);

describe('the evaluator agrees with the interpreter', () => {
  test.each(cases)('%s', (_, op, one) => {
    const g = new GraphBuilder();
    g.output('y', declare(g, one));
    const graph = g.build();
    const feeds = content(one);
    const values = new Map<string, Tensor>([...Object.entries(graph.constants), ...Object.entries(feeds)]);
    let met = 0;
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((input) => (input ? (values.get(input.id) ?? null) : null));
      const shape = inputs[0]?.shape ?? [];
      const found =
        node.op === 'Shape'
          ? [tensor(shape, [shape.length], 'int64')]
          : evaluate(node.op, inputs, node.attributes, node.outputs);
      if (!found) break;
      if (node.op === op) met++;
      node.outputs.forEach((output, i) => values.set(output.id, found[i]));
    }
    expect(met).toBeGreaterThan(0);
    const plain = Object.entries(feeds).map(([name, of]) => [name, fromTensor(of)] as const);
    const expected = interpret(graph, Object.fromEntries(plain))['y'];
    const found = values.get(graph.outputs[0].value.id);
    expect(found?.shape).toEqual(expected.shape);
    numbers(found ?? tensor([])).forEach((value, i) => {
      expect(Math.abs(value - expected.data[i])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
    });
  });
});

test('whole numbers that are none, or too large to be exact, are not worked out', () => {
  const type = { shape: [1], dtype: 'int64' } as const;
  const one = tensor([1], [1], 'int64');
  const large = tensor(BigInt64Array.of(2n ** 60n));
  expect(evaluate('Add', [one, large], {}, [type])).toBeUndefined();
  expect(evaluate('Div', [one, tensor([0], [1], 'int64')], {}, [type])).toBeUndefined();
  expect(evaluate('Cast', [tensor([1e12])], { to: 6 }, [{ shape: [1], dtype: 'int32' }])).toBeUndefined();
  expect(evaluate('Conv', [one, one], {}, [type])).toBeUndefined();
});

test('a graph knows the numbers that its shapes are computed with, floats too', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [1, 3, 10, 20], 'float32', { 2: 'h', 3: 'w' });
  const size = cast(g, slice(g, shapeOf(g, x), { starts: [2], ends: [4] }), 'float32');
  const half = cast(g, floor(g, add(g, mul(g, div(g, size, 4), 2), 0.5)), 'int64');
  expect(numbers(g.known(half) ?? tensor([]))).toEqual([5, 10]);
});
