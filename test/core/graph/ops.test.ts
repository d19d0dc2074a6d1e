import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/geometry/random.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { rules } from '../../../core/graph/rules.ts';
import { elementCount, numbers, tensor, type Tensor } from '../../../core/graph/tensor.ts';
import type { Value } from '../../../core/graph/value.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { checkGradient, gradientGraph } from '../../support/check-gradient.ts';
import { fromTensor, interpret } from '../../support/interpreter.ts';
import type { Numbers } from '../../support/interpreter-arrays.ts';
import type { OpCase } from './op-case.ts';
import { opCases } from './op-cases.ts';

const all = Object.entries(opCases).flatMap(([op, cases]) =>
  cases.map((one): [string, OpCase] => [`${op} ${one.name}`, one]),
);

function content({ inputs }: OpCase): Record<string, Tensor> {
  const random = createRandom(7);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = 'float32', range: [low, high] = [-1, 1], data }]) => [
      name,
      tensor(data ?? Array.from({ length: elementCount(shape) }, () => random.uniform(low, high)), shape, dtype),
    ]),
  );
}

function declare(g: GraphBuilder, { inputs, build }: OpCase): Value {
  const values = Object.entries(inputs).map(([name, { shape, dtype }]): [string, Value] => [
    name,
    g.input(name, shape, dtype),
  ]);
  return build(g, Object.fromEntries(values));
}

function largestDifference(a: Numbers, b: Numbers): number {
  return a.data.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]) / Math.max(1, Math.abs(value))),
    0,
  );
}

describe('every op has cases', () => {
  test.each(Object.keys(rules))('%s', (op) => {
    expect(opCases[op as keyof typeof opCases].length).toBeGreaterThan(0);
    const g = new GraphBuilder();
    declare(g, opCases[op as keyof typeof opCases][0]);
    expect(g.soFar().some((node) => node.op === op)).toBe(true);
  });
});

describe('ONNX Runtime agrees with the interpreter to 1e-5', () => {
  test.each(all)('%s', async (_, one) => {
    const g = new GraphBuilder();
    const output = declare(g, one);
    g.output('y', output);
    const graph = g.build();
    const feeds = content(one);
    const expected = interpret(
      graph,
      Object.fromEntries(Object.entries(feeds).map(([name, of]) => [name, fromTensor(of)])),
    );
    const session = await openSession(encode(graph), { threads: 1 });
    const { y } = await session.run(feeds);
    await session.dispose();
    expect(y.dtype).toBe(output.dtype);
    expect(y.shape).toEqual(output.shape);
    expect(expected['y'].shape).toEqual(output.shape);
    expect(numbers(y).every(Number.isFinite)).toBe(true);
    expect(largestDifference(expected['y'], fromTensor(y))).toBeLessThan(1e-5);
  });
});

const differentiable = all.filter(([, one]) => wantedOf(one).length > 0);

function wantedOf({ inputs, wanted }: OpCase): readonly string[] {
  return wanted ?? Object.keys(inputs).filter((name) => (inputs[name].dtype ?? 'float32') === 'float32');
}

describe('gradients agree with finite differences in float64', () => {
  test.each(differentiable)('%s', (_, one) => {
    const feeds = Object.fromEntries(Object.entries(content(one)).map(([name, of]) => [name, fromTensor(of)]));
    for (const { analytic, numeric } of checkGradient((g) => declare(g, one), feeds, wantedOf(one))) {
      expect(Math.abs(analytic - numeric)).toBeLessThan(1e-5 * Math.max(1, Math.abs(numeric)));
    }
  });
});

describe('gradients in ONNX Runtime agree with the interpreter', () => {
  test.each(differentiable)('%s', async (_, one) => {
    const graph = gradientGraph((g) => declare(g, one), wantedOf(one));
    const feeds = content(one);
    const expected = interpret(
      graph,
      Object.fromEntries(Object.entries(feeds).map(([name, of]) => [name, fromTensor(of)])),
    );
    const session = await openSession(encode(graph), { threads: 1 });
    const results = await session.run(feeds);
    await session.dispose();
    for (const [name, value] of Object.entries(results)) {
      expect(largestDifference(expected[name], fromTensor(value)), name).toBeLessThan(3e-5);
    }
  });
});
