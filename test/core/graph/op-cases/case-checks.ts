import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { encode } from '../../../../core/graph/encode.ts';
import { numbers, type Tensor } from '../../../../core/graph/tensor.ts';
import type { Graph } from '../../../../core/graph/value.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { checkGradient, gradientGraph } from '../../../support/check-gradient.ts';
import { fromTensor, interpret } from '../../../support/interpreter.ts';
import type { Numbers } from '../../../support/interpreter-arrays.ts';
import { content, declare, wantedOf } from './case-content.ts';
import type { OpCase } from './op-case.ts';

function largestDifference(a: Numbers, b: Numbers): number {
  return a.data.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]) / Math.max(1, Math.abs(value))),
    0,
  );
}

async function bothWays(graph: Graph, feeds: Record<string, Tensor>): Promise<[string, Numbers, Tensor][]> {
  const plain = Object.entries(feeds).map(([name, of]): [string, Numbers] => [name, fromTensor(of)]);
  const expected = interpret(graph, Object.fromEntries(plain));
  const session = await openSession(encode(graph), { threads: 1 });
  const results = await session.run(feeds);
  await session.dispose();
  return Object.entries(results).map(([name, found]) => [name, expected[name], found]);
}

/** ONNX Runtime's result of a case is the interpreter's to 1e-5, and both have the shape that the rule says. */
export async function checkValue(one: OpCase): Promise<void> {
  const g = new GraphBuilder();
  const output = declare(g, one);
  g.output('y', output);
  const [[, expected, found]] = await bothWays(g.build(), content(one));
  expect(found.dtype).toBe(output.dtype);
  expect(found.shape).toEqual(output.shape);
  expect(expected.shape).toEqual(output.shape);
  expect(numbers(found).every(Number.isFinite)).toBe(true);
  expect(largestDifference(expected, fromTensor(found))).toBeLessThan(1e-5);
}

/** The gradient of a case agrees with finite differences in float64; a small `step` keeps clear of kinks. */
export function checkSlopes(one: OpCase, step = 1e-5): void {
  const feeds = Object.fromEntries(Object.entries(content(one)).map(([name, of]) => [name, fromTensor(of)]));
  for (const { analytic, numeric } of checkGradient((g) => declare(g, one), feeds, wantedOf(one), { step })) {
    expect(Math.abs(analytic - numeric)).toBeLessThan(1e-5 * Math.max(1, Math.abs(numeric)));
  }
}

async function checkGradientValue(one: OpCase): Promise<void> {
  const graph = gradientGraph((g) => declare(g, one), wantedOf(one));
  for (const [name, expected, found] of await bothWays(graph, content(one))) {
    expect(largestDifference(expected, fromTensor(found)), name).toBeLessThan(3e-5);
  }
}

/**
 * Declares the tests that every op and every function built of ops must pass: ONNX Runtime against the interpreter, the
 * gradient against finite differences in float64, and the gradient in ONNX Runtime against the interpreter.
 */
export function checkCases(table: Readonly<Record<string, readonly OpCase[]>>): void {
  const all = Object.entries(table).flatMap(([name, cases]) =>
    cases.map((one): [string, OpCase] => [`${name} ${one.name}`, one]),
  );
  const differentiable = all.filter(([, one]) => wantedOf(one).length > 0);

  describe('ONNX Runtime agrees with the interpreter to 1e-5', () => {
    test.each(all)('%s', (_, one) => checkValue(one));
  });

  describe('gradients agree with finite differences in float64', () => {
    test.each(differentiable)('%s', (_, one) => {
      checkSlopes(one);
    });
  });

  describe('gradients in ONNX Runtime agree with the interpreter', () => {
    test.each(differentiable)('%s', (_, one) => checkGradientValue(one));
  });
}
