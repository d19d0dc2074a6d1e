import { describe, expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { encode } from '../../../core/graph/encode.ts';
import { max, min, pow } from '../../../core/graph/ops/arithmetic.ts';
import { abs, clip, relu } from '../../../core/graph/ops/elementwise.ts';
import { maxPool } from '../../../core/graph/ops/pooling.ts';
import { reduceMax, reduceSum } from '../../../core/graph/ops/reduce.ts';
import { elementCount, float32, numbers } from '../../../core/graph/tensor.ts';
import type { Value } from '../../../core/graph/value.ts';
import { openSession } from '../../../core/runtime/session.ts';

/** The gradient of the sum of an op's result toward its inputs, one list after the other, in ONNX Runtime. */
async function slopes(
  inputs: readonly (readonly number[])[],
  shape: readonly number[],
  build: (g: GraphBuilder, values: Value[]) => Value,
): Promise<number[][]> {
  const g = new GraphBuilder();
  const values = inputs.map((_, i) => g.input(`x${i}`, shape));
  backward(g, reduceSum(g, build(g, values)), values).forEach((gradient, i) => g.output(`gradient ${i}`, gradient));
  const session = await openSession(encode(g.build()), { threads: 1 });
  const feeds = Object.fromEntries(inputs.map((data, i) => [`x${i}`, float32(data, shape)]));
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]));
  const results = await session.run(used);
  await session.dispose();
  return Object.values(results).map(numbers);
}

describe('where a function has a kink', () => {
  test('of equal inputs of Max and Min the first gets everything', async () => {
    const three = [
      [1, 2],
      [1, 2],
      [1, 3],
    ];
    expect(await slopes(three, [2], (g, values) => g.node('Max', values))).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
    expect(await slopes(three.slice(0, 2), [2], (g, [a, b]) => max(g, a, b))).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(await slopes(three.slice(0, 2), [2], (g, [a, b]) => min(g, b, a))).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test('a power to the 0 is flat, at 0 too, and toward the exponent where the base is not positive', async () => {
    const given = [
      [0, -2, 0, 0, 1],
      [0, 0, 2, -1, 3],
    ];
    expect(await slopes(given, [5], (g, [a, b]) => pow(g, a, b))).toEqual([
      [0, 0, 0, -Infinity, 3],
      [0, 0, 0, 0, 0],
    ]);
  });

  test('equal largest elements of a reduction share it', async () => {
    const [found] = await slopes([[3, 1, 3, 2]], [4], (g, [x]) => reduceMax(g, x));
    expect(found).toEqual([0.5, 0, 0.5, 0]);
  });

  test('Relu and Abs have slope 0 at 0, Clip lets a gradient through on its bounds', async () => {
    expect(await slopes([[-1, 0, 1]], [3], (g, [x]) => relu(g, x))).toEqual([[0, 0, 1]]);
    expect(await slopes([[-1, 0, 1]], [3], (g, [x]) => abs(g, x))).toEqual([[-1, 0, 1]]);
    expect(await slopes([[-1, 0, 2]], [3], (g, [x]) => clip(g, x, { min: -1, max: 1 }))).toEqual([[1, 1, 0]]);
  });
});

describe('equal largest elements of a pool share its gradient', () => {
  test('side by side: a plain area gets no more than it gave', async () => {
    const plain = [1, 1, 5, 2, 1, 1, 5, 3];
    const [found] = await slopes([plain], [1, 1, 2, 4], (g, [x]) => maxPool(g, x, { kernel: [2, 2], strides: [2, 2] }));
    expect(found).toEqual([0.25, 0.25, 0.5, 0, 0.25, 0.25, 0.5, 0]);
  });

  test('overlapping: each window shares on its own', async () => {
    const [found] = await slopes([[4, 4, 1]], [1, 1, 3], (g, [x]) => maxPool(g, x, { kernel: [2] }));
    expect(found).toEqual([0.5, 1.5, 0]);
  });

  test('the padding never wins, not even where all is below 0', async () => {
    const shape = [1, 1, 3, 3];
    const build = (g: GraphBuilder, [x]: Value[]): Value =>
      maxPool(g, x, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
    const [found] = await slopes([new Array<number>(elementCount(shape)).fill(-2)], shape, build);
    expect(found.reduce((a, b) => a + b)).toBeCloseTo(4, 6);
  });
});
