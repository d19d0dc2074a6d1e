import { expect, test } from 'vitest';
import { simplify } from '../../../core/graph/passes/simplify.ts';
import { readGraph } from '../../../core/graph/read-graph.ts';
import { elementCount, float32, int64, tensor } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { type WrittenModel, writeModel } from '../../support/onnx-writer.ts';

const plain = { opset: 13, outputs: { y: {} } } as const;

/** Sizes of a resize that follow from the shape of what it reads. */
const resized: WrittenModel = {
  ...plain,
  inputs: { x: { shape: ['n', 2, 4, 4] } },
  constants: { front: int64([0]), middle: int64([2]), sides: int64([6, 8]) },
  nodes: [
    { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
    { op: 'Slice', inputs: ['shape', 'front', 'middle'], outputs: ['head'] },
    { op: 'Concat', inputs: ['head', 'sides'], outputs: ['to'], attributes: { axis: 0 } },
    { op: 'Resize', inputs: ['x', '', '', 'to'], outputs: ['y'], attributes: { mode: 'linear' } },
  ],
};

/** An expansion and a softmax of old, over all axes from the second on. */
const expanded: WrittenModel = {
  ...plain,
  opset: 11,
  inputs: { x: { shape: ['n', 3, 4] } },
  constants: { row: tensor([1, 2, 3, 4], [1, 1, 4]), zero: tensor([0]) },
  nodes: [
    { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
    { op: 'Expand', inputs: ['row', 'shape'], outputs: ['rows'] },
    { op: 'Add', inputs: ['rows', 'x'], outputs: ['sum'] },
    { op: 'Add', inputs: ['sum', 'zero'], outputs: ['same'] },
    { op: 'Softmax', inputs: ['same'], outputs: ['y'], attributes: { axis: 1 } },
  ],
};

test.each([
  ['a resize by its own shape', resized, [5, 2, 4, 4]],
  ['an expansion by the shape of another', expanded, [5, 3, 4]],
])('%s, read with an open axis for one, runs for five, simplified or not', async (_, file, shape) => {
  const bytes = writeModel(file);
  const x = float32(
    Array.from({ length: elementCount(shape) }, (__, i) => Math.sin(i)),
    shape,
  );
  const original = await openSession(bytes, { threads: 1 });
  const { y: expected } = await original.run({ x });
  await original.dispose();
  const graph = readGraph(bytes, { sizes: { n: 1 }, keepOpen: true });
  for (const one of [graph, simplify(graph)]) {
    const session = await openSession(one, { threads: 1, optimise: false });
    expect((await session.run({ x }))['y']).toEqual(expected);
    await session.dispose();
  }
});

test('ops that count on sizes at hand refuse open ones', () => {
  const blocks = (keepOpen: boolean): unknown =>
    readGraph(
      writeModel({
        ...plain,
        inputs: { x: { shape: [1, 4, 'h', 'w'] } },
        nodes: [{ op: 'DepthToSpace', inputs: ['x'], outputs: ['y'], attributes: { blocksize: 2 } }],
      }),
      { sizes: { h: 3, w: 2 }, keepOpen },
    );
  expect(() => blocks(false)).not.toThrow();
  expect(() => blocks(true)).toThrow(/DepthToSpace.*needs sizes that cannot change.*give that axis a size/);
});
