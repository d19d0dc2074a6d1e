import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/geometry/random.ts';
import { encode } from '../../../../core/graph/encode.ts';
import { readGraph } from '../../../../core/graph/read-graph.ts';
import { elementCount, float32, int64, numbers, tensor, type Tensor } from '../../../../core/graph/tensor.ts';
import { openSession } from '../../../../core/runtime/session.ts';
import { writeModel } from '../../../support/onnx-writer.ts';
import { type OpsetCase, opsetCases } from './opset-cases.ts';

function isTensor(of: OpsetCase['inputs'][number]): of is Tensor {
  return of !== null && 'dtype' in of;
}

/** The node as a file of its own opset: shapes are inputs, tensors constants. */
function fileOf({ op, opset, inputs, attributes = {}, outputs = 1 }: OpsetCase): Uint8Array {
  const named = inputs.map((of, i) => [of === null ? '' : `x${i}`, of] as const);
  const results = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const dtype = op === 'Size' ? ('int64' as const) : ('float32' as const);
  return writeModel({
    opset,
    inputs: Object.fromEntries(named.flatMap(([name, of]) => (of && !isTensor(of) ? [[name, { shape: of }]] : []))),
    outputs: Object.fromEntries(results.map((name) => [name, { dtype }])),
    constants: Object.fromEntries(named.flatMap(([name, of]) => (isTensor(of) ? [[name, of]] : []))),
    nodes: [{ op, inputs: named.map(([name]) => name), outputs: results, attributes }],
  });
}

const cases = opsetCases.map((one): [string, OpsetCase] => {
  const inputs = one.inputs.map((of) => (of && isTensor(of) ? `${of.dtype} ${of.shape.join()}` : (of?.join() ?? '-')));
  return [`${one.op} of opset ${one.opset} with [${inputs.join('] [')}] ${JSON.stringify(one.attributes ?? {})}`, one];
});

test.each(cases)('%s means the same in opset 18', async (_, one) => {
  const random = createRandom(2);
  const file = fileOf(one);
  const graph = readGraph(file);
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, value: { shape } }) => [
      name,
      float32(
        Array.from({ length: elementCount(shape) }, () => random.uniform(-1, 1)),
        shape,
      ),
    ]),
  );
  const [old, read] = [await openSession(file, { threads: 1 }), await openSession(encode(graph), { threads: 1 })];
  const [expected, found] = [await old.run(feeds), await read.run(feeds)];
  await Promise.all([old.dispose(), read.dispose()]);
  for (const [name, value] of Object.entries(expected)) {
    expect(found[name].dtype).toBe(value.dtype);
    expect(found[name].shape).toEqual(value.shape);
    expect(graph.outputs.find((port) => port.name === name)?.value.shape).toEqual(value.shape);
    const [a, b] = [numbers(value), numbers(found[name])];
    a.forEach((number, i) => {
      expect(Math.abs(number - b[i])).toBeLessThan(2e-6 * Math.max(1, Math.abs(number)));
    });
  }
});

test('the largest and the smallest number there is mean the end and the beginning', () => {
  const [last, first] = [2n ** 63n - 1n, -(2n ** 63n) + 1n];
  const slice = (op: string, ends: bigint): Uint8Array =>
    writeModel({
      opset: op === 'attribute' ? 9 : 13,
      inputs: { x: { shape: [4, 5] } },
      outputs: { y: {} },
      constants: { one: int64([1]), minus: int64([-1]), end: tensor(BigInt64Array.of(ends)), order: int64([5, 4]) },
      nodes:
        op === 'attribute'
          ? [
              {
                op: 'Slice',
                inputs: ['x'],
                outputs: ['y'],
                attributes: { starts: [1], ends: { type: 7, ints: [ends] } },
              },
            ]
          : [
              { op: 'Slice', inputs: ['order', 'minus', 'end', '', 'minus'], outputs: ['turned'] },
              { op: 'Reshape', inputs: ['x', 'turned'], outputs: ['y'] },
            ],
    });
  expect(readGraph(slice('attribute', last)).outputs[0].value.shape).toEqual([3, 5]);
  expect(readGraph(slice('input', first)).outputs[0].value.shape).toEqual([4, 5]);
});
