import { expect, test } from 'vitest';
import { backward } from '../../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../../core/graph/builder.ts';
import { reduceSum } from '../../../../core/graph/ops/reduce.ts';
import { readGraph } from '../../../../core/graph/read-graph.ts';
import { spliceModel } from '../../../../core/graph/splice.ts';
import { float32, numbers } from '../../../../core/graph/tensor.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { writeModel } from '../../../support/onnx-writer.ts';

/** A file that casts to a type and back. */
function thereAndBack(to: number, count: number): Uint8Array {
  return writeModel({
    opset: 18,
    inputs: { x: { shape: [count] } },
    outputs: { y: {} },
    nodes: [
      { op: 'Cast', inputs: ['x'], outputs: ['half'], attributes: { to } },
      { op: 'Cast', inputs: ['half'], outputs: ['y'], attributes: { to: 1 } },
    ],
  });
}

/** Numbers of all sizes: between two half floats, exactly in the middle of two, beyond the largest, below the smallest. */
function awkward(bitsLost: number): Float32Array {
  const bits = new Uint32Array(30_000);
  const half = 2 ** (bitsLost - 1);
  const lows = [0, 1, half - 1, half, half + 1, 2 * half - 1];
  for (let i = 0; i < bits.length; i++) {
    const [exponent, kept] = [i % 255, Math.imul(i, 2654435761) >>> (9 + bitsLost)];
    bits[i] = (((i >> 4) % 2) * 2 ** 31 + exponent * 2 ** 23 + kept * 2 ** bitsLost + lows[i % lows.length]) >>> 0;
  }
  return Float32Array.from([...new Float32Array(bits.buffer), 65504, 65519.996, 65520, -65520, Infinity, -Infinity, 0]);
}

test.each([
  ['float16', 10, 13],
  ['bfloat16', 16, 16],
])('what is cast to %s is rounded as ONNX Runtime rounds it', async (_, to, bitsLost) => {
  const x = awkward(bitsLost);
  const file = thereAndBack(to, x.length);
  const graph = readGraph(file);
  const sessions = await Promise.all([file, graph].map((model) => openSession(model, { threads: 1 })));
  const [expected, found] = await Promise.all(
    sessions.map(async (session) => numbers((await session.run({ x: float32(x, [x.length]) }))['y'])),
  );
  await Promise.all(sessions.map((session) => session.dispose()));
  const off = expected.flatMap((value, i) => (Object.is(value + 0, found[i] + 0) ? [] : [[x[i], found[i], value]]));
  expect(off).toEqual([]);
});

test('what is known is rounded while it is read', () => {
  const file = writeModel({
    opset: 18,
    inputs: {},
    outputs: { y: {} },
    constants: { x: float32([0.1, 70000], [2]) },
    nodes: [{ op: 'Cast', inputs: ['x'], outputs: ['y'], attributes: { to: 10 } }],
  });
  const g = new GraphBuilder();
  const known = g.known(spliceModel(g, file, {})['y']);
  expect(known && numbers(known)).toEqual([0.0999755859375, Infinity]);
});

test('gradients pass as if nothing were rounded, also where it becomes infinite', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [4]);
  const { y } = spliceModel(g, thereAndBack(10, 4), { x });
  g.output('dx', backward(g, reduceSum(g, y), [x])[0]);
  const session = await openSession(g.build(), { threads: 1 });
  expect(numbers((await session.run({ x: float32([0.1, -3e-6, 12345, 1e6], [4]) }))['dx'])).toEqual([1, 1, 1, 0]);
  await session.dispose();
});
