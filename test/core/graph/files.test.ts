import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { backward } from '../../../core/graph/backward.ts';
import { decode } from '../../../core/graph/decode.ts';
import { encode } from '../../../core/graph/encode.ts';
import { add, mul } from '../../../core/graph/ops/arithmetic.ts';
import { conv } from '../../../core/graph/ops/convolution.ts';
import { clip, identity, relu } from '../../../core/graph/ops/elementwise.ts';
import { matMul } from '../../../core/graph/ops/linear.ts';
import { reshape } from '../../../core/graph/ops/movement.ts';
import { reduceSum } from '../../../core/graph/ops/reduce.ts';
import { spliceModel } from '../../../core/graph/splice.ts';
import { float32, floats, tensor } from '../../../core/graph/tensor.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { hasShared, shared } from '../../support/shared.ts';

function smallModel(): Uint8Array {
  const g = new GraphBuilder();
  const x = g.input('x', [1, 2, 5, 5], 'float32', { 0: 'n', 2: 'h', 3: 'w' });
  const w = g.constant(
    Float32Array.from({ length: 54 }, (_, i) => Math.sin(i)),
    [3, 2, 3, 3],
  );
  const y = clip(g, conv(g, x, w, null, { pads: [1, 1, 1, 1] }), { min: 0, max: 6 });
  g.output('y', y, { 0: 'n', 2: 'h', 3: 'w' });
  return encode(g.build(), { metadata: { task: 'small', note: 'ä' } });
}

test('a file read back says what was written', () => {
  const { inputs, outputs, metadata, opset, nodes, constants } = decode(smallModel());
  expect(opset).toBe(18);
  expect(inputs).toEqual([{ name: 'x', dtype: 'float32', elementType: 'float32', shape: ['n', 2, 'h', 'w'] }]);
  expect(outputs).toEqual([{ name: 'y', dtype: 'float32', elementType: 'float32', shape: ['n', 3, 'h', 'w'] }]);
  expect(metadata).toEqual({ task: 'small', note: 'ä' });
  expect(nodes.map(({ op }) => op)).toEqual(['Conv', 'Clip']);
  expect(nodes[0].attributes).toEqual({ kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  const weights = constants[nodes[0].inputs[1]];
  expect(weights.shape).toEqual([3, 2, 3, 3]);
  expect(floats(weights)[1]).toBeCloseTo(Math.sin(1), 6);
});

test('constants of every dtype survive', () => {
  const g = new GraphBuilder();
  const all = [
    tensor([1.5, -2]),
    tensor([1.5, -2], [2], 'float64'),
    tensor([1, -2], [2], 'int64'),
    tensor([1, -2], [2], 'int32'),
    tensor([1, 0], [2], 'bool'),
    tensor([1, 255], [2], 'uint8'),
  ];
  all.forEach((of, i) => g.output(`y${i}`, g.constant(of)));
  const { constants } = decode(encode(g.build()));
  expect(Object.values(constants)).toEqual(all);
});

test('a contrib op brings its import, and only then', () => {
  const g = new GraphBuilder();
  const a = g.input('a', [2, 2]);
  g.output('y', matMul(g, a, a));
  expect(new TextDecoder('latin1').decode(encode(g.build()))).not.toContain('com.microsoft');
  g.output('z', g.node('FusedMatMul', [a, a], { transB: 1 }));
  expect(new TextDecoder('latin1').decode(encode(g.build()))).toContain('com.microsoft');
});

test('one value may be several outputs, and an input may be an output', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  const y = mul(g, x, 2);
  g.output('y', y);
  g.output('again', y);
  g.output('x.next', x);
  g.output('same', identity(g, add(g, y, 1)));
  const session = await openSession(encode(g.build()), { threads: 1 });
  const results = await session.run({ x: float32([1, 2], [2]) });
  expect(Object.fromEntries(Object.entries(results).map(([name, of]) => [name, Array.from(floats(of))]))).toEqual({
    y: [2, 4],
    again: [2, 4],
    'x.next': [1, 2],
    same: [3, 5],
  });
  await session.dispose();
});

test('a graph built for one image runs for three of another size', async () => {
  const session = await openSession(smallModel(), { threads: 1 });
  const { y } = await session.run({ x: float32(new Float32Array(3 * 2 * 7 * 9).fill(1), [3, 2, 7, 9]) });
  expect(y.shape).toEqual([3, 3, 7, 9]);
  await session.dispose();
});

test('reshapes with 0 and -1 keep their freedom', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [1, 2, 3], 'float32', { 0: 'n' });
  g.output('y', relu(g, reshape(g, x, [0, -1])), { 0: 'n' });
  const session = await openSession(encode(g.build()), { threads: 1 });
  expect((await session.run({ x: float32(new Float32Array(24), [4, 2, 3]) }))['y'].shape).toEqual([4, 6]);
  await session.dispose();
});

test('outputs may be called as inner values are', async () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2]);
  const [first, second] = [relu(g, x), mul(g, x, 2)];
  g.output(first.id, second);
  g.output(second.id, first);
  g.output('constant:1', g.constant([7]));
  expect(() => g.input(first.id, [2])).toThrow(/the name is taken/);
  const session = await openSession(encode(g.build()), { threads: 1 });
  const results = await session.run({ x: float32([-1, 3], [2]) });
  await session.dispose();
  const found = [first.id, second.id, 'constant:1'].map((name) => Array.from(floats(results[name])));
  expect(found).toEqual([[-2, 6], [0, 3], [7]]);
});

test('a spliced model computes what the file computes, and gradients pass it', async () => {
  const g = new GraphBuilder();
  const x = g.input('pixels', [1, 2, 5, 5]);
  const { y } = spliceModel(g, smallModel(), { x: mul(g, x, 2) });
  g.output('y', y);
  g.output('dx', backward(g, reduceSum(g, y), [x])[0]);
  const whole = await openSession(encode(g.build()), { threads: 1 });
  const part = await openSession(smallModel(), { threads: 1 });
  const pixels = Float32Array.from({ length: 50 }, (_, i) => Math.cos(i));
  const found = await whole.run({ pixels: float32(pixels, [1, 2, 5, 5]) });
  const expected = await part.run({
    x: float32(
      pixels.map((value) => 2 * value),
      [1, 2, 5, 5],
    ),
  });
  expect(found['y'].data).toEqual(expected['y'].data);
  expect(floats(found['dx']).some((value) => value !== 0)).toBe(true);
  await whole.dispose();
  await part.dispose();
});

describe('what cannot be read or spliced is named', () => {
  test('bytes that are no model', () => {
    expect(() => decode(new TextEncoder().encode('<html>'))).toThrow(/no ONNX model/);
    expect(() => decode(new Uint8Array())).toThrow(/holds no graph/);
  });

  test('wrong inputs', () => {
    const g = new GraphBuilder();
    const x = g.input('pixels', [1, 2, 5, 5]);
    expect(() => spliceModel(g, smallModel(), { pixels: x })).toThrow(/has the inputs x; given: pixels/);
    expect(() => spliceModel(g, smallModel(), { x }, ['z'])).toThrow(/computes no 'z'/);
  });

  test('an op without a rule', () => {
    const model = decode(smallModel());
    const odd = { ...model, nodes: model.nodes.map((node) => (node.op === 'Clip' ? { ...node, op: 'Loop' } : node)) };
    const g = new GraphBuilder();
    expect(() => spliceModel(g, odd, { x: g.input('x', [1, 2, 5, 5]) })).toThrow(/the op Loop .* has no rule/);
  });
});

describe.skipIf(!hasShared)('published models', () => {
  test.each(['mobilenet-v1-pw3', 'stn-pytorch-affine', 'stn-pytorch-projective'])(
    '%s spliced equals itself',
    async (name) => {
      const bytes = readFileSync(shared(`models/${name}.onnx`));
      const shape = name.startsWith('mobilenet') ? [1, 3, 48, 64] : [2, 1, 28, 28];
      const input = decode(bytes).inputs[0].name;
      const g = new GraphBuilder();
      const results = spliceModel(g, bytes, { [input]: g.input(input, shape) });
      for (const [key, value] of Object.entries(results)) g.output(key, value);
      const feeds = {
        [input]: float32(
          Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)),
          shape,
        ),
      };
      const [own, file] = [
        await openSession(encode(g.build()), { threads: 1 }),
        await openSession(bytes, { threads: 1 }),
      ];
      const [found, expected] = [await own.run(feeds), await file.run(feeds)];
      for (const key of Object.keys(results)) {
        expect(found[key].shape).toEqual(results[key].shape);
        expect(found[key].data).toEqual(expected[key].data);
      }
      await own.dispose();
      await file.dispose();
    },
  );
});
