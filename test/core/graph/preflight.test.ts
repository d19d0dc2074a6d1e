import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import { decode } from '../../../core/graph/decode.ts';
import { encode } from '../../../core/graph/encode.ts';
import { GraphError } from '../../../core/graph/graph-error.ts';
import { preflight } from '../../../core/graph/preflight.ts';
import { readGraph } from '../../../core/graph/read-graph.ts';
import { spliceTrainable } from '../../../core/graph/splice.ts';
import { float32, int64, numbers, tensor } from '../../../core/graph/tensor.ts';
import { scanModel } from '../../../core/graph/wire-scan.ts';
import { openSession } from '../../../core/runtime/session.ts';
import { type WrittenModel, type WrittenNode, writeModel } from '../../support/onnx-writer.ts';
import { smallFile } from '../../support/small-file.ts';

const relu: WrittenNode = { op: 'Relu', inputs: ['x'], outputs: ['y'] };
const plain: WrittenModel = { opset: 18, inputs: { x: { shape: [2, 3] } }, outputs: { y: {} }, nodes: [relu] };

function reading(change: Partial<WrittenModel>, options?: Parameters<typeof readGraph>[1]): () => unknown {
  return () => readGraph(writeModel({ ...plain, ...change }), options);
}

const through = (op: string, rest: Partial<WrittenNode> = {}): Partial<WrittenModel> => ({
  nodes: [
    { op, inputs: ['x'], outputs: ['h'], ...rest },
    { ...relu, inputs: ['h'] },
  ],
});

test('a file of shape arithmetic, as exporters write it, runs as a graph', async () => {
  const file = writeModel(smallFile);
  const graph = readGraph(file, { sizes: { n: 2 } });
  expect(graph.outputs.map(({ value }) => value.shape)).toEqual([
    [2, 6],
    [2, 3, 1, 1],
  ]);
  const feeds = {
    x: float32(
      Array.from({ length: 100 }, (_, i) => Math.cos(i)),
      [2, 2, 5, 5],
    ),
  };
  const [old, read] = [await openSession(file, { threads: 1 }), await openSession(graph, { threads: 1 })];
  const [expected, found] = [await old.run(feeds), await read.run(feeds)];
  for (const name of ['y', 'peak']) expect(found[name]).toEqual(expected[name]);
  await Promise.all([old.dispose(), read.dispose()]);
});

test('an axis stays open on request', async () => {
  const graph = readGraph(writeModel(smallFile), { sizes: { n: 1 }, keepOpen: true });
  const session = await openSession(graph, { threads: 1 });
  const { y } = await session.run({ x: float32(new Float32Array(150), [3, 2, 5, 5]) });
  expect(y.shape).toEqual([3, 6]);
  await session.dispose();
});

test('inner values may be wanted, and only what they need is read', () => {
  const nodes = [...smallFile.nodes, { op: 'Loop', inputs: ['y'], outputs: ['z'] }];
  const graph = readGraph(writeModel({ ...smallFile, nodes }), { sizes: { n: 1 }, wanted: ['c', 'y'] });
  expect(graph.outputs.map(({ name }) => name)).toEqual(['c', 'y']);
});

test('nodes in any order are brought into one in which they run', () => {
  const graph = readGraph(writeModel({ ...smallFile, nodes: smallFile.nodes.toReversed() }), { sizes: { n: 1 } });
  expect(graph.nodes[0].op).toBe('Conv');
});

describe('what cannot be read is named: what, which, found, expected, what to do', () => {
  test.each<[string, Partial<WrittenModel>, RegExp]>([
    [
      'a loop',
      through('Loop', { name: 'outer' }),
      /op Loop \(node 'outer' \(Loop\)\) has no rule: it runs another graph.*unrolled/,
    ],
    ['a branch', through('If'), /op If .*fix the condition/],
    ['a scan', through('Scan'), /op Scan .*unrolled/],
    ['an unknown op', through('NonMaxSuppression'), /op NonMaxSuppression .*has no rule \(opset 18\).*export it/],
    ['a custom domain', through('Relu', { domain: 'my.ops' }), /op Relu of my.ops/],
    ['a property that every object has', through('toString'), /op toString .*has no rule/],
    ['the prototype', through('__proto__'), /op __proto__ .*has no rule/],
    [
      'several',
      {
        nodes: [
          { op: 'If', inputs: ['x'], outputs: ['h'] },
          { op: 'NonZero', inputs: ['h'], outputs: ['y'] },
        ],
      },
      /ops If, NonZero have no rules/,
    ],
    ['an opset that is too old', { opset: 8 }, /opset 8, expected an opset from 9 to 21.*opset 18/],
    ['an opset that is too new', { opset: 22 }, /opset 22, expected an opset from 9 to 21/],
    ['no opset', { model: { opsetImport: [] } }, /declares no version/],
    [
      'a cycle',
      {
        nodes: [
          { op: 'Add', inputs: ['x', 'y'], outputs: ['h'] },
          { ...relu, inputs: ['h'] },
        ],
      },
      /reads '(h|y)', which is computed from its own result/,
    ],
    ['a value that nothing computes', { nodes: [{ ...relu, inputs: ['z'] }] }, /reads 'z', which nothing computes/],
    ['an output that nothing computes', { outputs: { z: {} } }, /computes no 'z', expected one of its outputs: 'z'/],
    ['a name given twice', { nodes: [relu, relu] }, /an output of node .* is called 'y'/],
    ['an input computed again', { nodes: [{ ...relu, outputs: ['x'] }] }, /is called 'x'/],
    ['two inputs of one name', { graph: { input: ['x', 'x'].map((name) => ({ name })) } }, /an input is called 'x'/],
    [
      'two constants of one name',
      { graph: { initializer: ['a', 'a'].map((name) => ({ name, dataType: 1, dims: [0n] })) } },
      /two constants are called 'a'/,
    ],
    [
      'weights in another file',
      { constants: { w: { dataType: 1, dims: [2n], dataLocation: 1 } } },
      /constant 'w' lies in another file.*data inside/,
    ],
    [
      'weights that are not there',
      { constants: { w: { dataType: 1, dims: [2n ** 40n] } } },
      /constant 'w' holds 0 numbers, expected 1099511627776/,
    ],
    [
      'too few bytes',
      { constants: { w: { dataType: 1, dims: [3n], rawData: new Uint8Array(8) } } },
      /constant 'w' holds 8 bytes, expected 12/,
    ],
    [
      'a negative size',
      { constants: { w: { dataType: 1, dims: [-1n], rawData: new Uint8Array(8) } } },
      /constant 'w' has the impossible shape \[-1\]/,
    ],
    [
      'a hundred axes',
      { constants: { w: { dataType: 1, dims: Array(100).fill(1n), floatData: [1] } } },
      /constant 'w' has the impossible shape/,
    ],
    [
      'an attribute that is a graph',
      through('Relu', { attributes: { body: { type: 5, g: { name: 'b' } } } }),
      /attributes 'body' of kinds/,
    ],
    ['an input without a shape', { inputs: { x: {} } }, /input 'x' declares no shape/],
    ['an input of texts', { inputs: { x: { shape: [2], dtype: 8 } } }, /input 'x' is string/],
    [
      'an open axis',
      { inputs: { x: { shape: ['n', 3] } } },
      /axis 0 of input 'x' has any size \('n'\), expected a size: say which as 'n'/,
    ],
    ['an axis without a name', { inputs: { x: { shape: [2, null] } } }, /axis 1 of input 'x' is left open.*'x.1'/],
    ['an impossible size', { inputs: { x: { shape: [-5] } } }, /axis 0 of input 'x' has the size -5/],
    [
      'shapes that do not fit',
      { ...through('Add', { inputs: ['x', 'w'] }), constants: { w: tensor([1, 2]) } },
      /\(Add\) cannot be read: .*\[2, 3\] and \[2\] do not broadcast/,
    ],
    [
      'an absurd result',
      { ...through('Expand', { inputs: ['x', 'to'] }), constants: { to: int64([2 ** 20, 2 ** 20, 2, 3]) } },
      /\(Expand\) would compute the absurd shape .*expected at most 8 axes/,
    ],
    [
      'a list as long as weights',
      { ...through('Reshape', { inputs: ['x', 'to'] }), constants: { to: int64(Array<number>(1000).fill(1)) } },
      /input 1 has the shape \[1000\], expected a list of one number per axis/,
    ],
    [
      'a second output that its op has not here',
      {
        nodes: [
          { op: 'MaxPool', inputs: ['x'], outputs: ['p', 'i'], attributes: { kernel_shape: [1] } },
          { op: 'Cast', inputs: ['i'], outputs: ['y'], attributes: { to: 1 } },
        ],
        inputs: { x: { shape: [1, 1, 4] } },
      },
      /reads 'i', an output that graphs do not have of its op/,
    ],
    [
      "such an output as the model's own",
      {
        nodes: [{ op: 'MaxPool', inputs: ['x'], outputs: ['y', 'i'], attributes: { kernel_shape: [1] } }],
        inputs: { x: { shape: [1, 1, 4] } },
        outputs: { y: {}, i: { dtype: 'int64' } },
      },
      /'i' is computed by node .*\(MaxPool\), whose further outputs graphs do not have; take other outputs/,
    ],
    [
      'parts of a split that are fed',
      {
        nodes: [{ op: 'Split', inputs: ['x', 'parts'], outputs: ['y', 'z'] }],
        inputs: { x: { shape: [4] }, parts: { shape: [2], dtype: 'int64' } },
      },
      /\(Split\) cannot be read: its parts \(input 1\) must be a constant/,
    ],
    [
      'dropout in training',
      { ...through('Dropout', { inputs: ['x', '', 't'] }), constants: { t: tensor([1], [], 'bool') } },
      /switched to training.*evaluation mode/,
    ],
    [
      'dropout that an input can switch to training',
      {
        ...through('Dropout', { inputs: ['x', '', 't'] }),
        inputs: { x: { shape: [2, 3] }, t: { shape: [], dtype: 'bool' } },
      },
      /can be switched to training when it runs.*evaluation mode/,
    ],
    [
      'constants of other dtypes',
      { ...through('Add', { inputs: ['x', 'w'] }), constants: { w: { dataType: 3, dims: [1n], int32Data: [1] } } },
      /reads the constant 'w', but it holds int8, which graphs do not know; export the model in float32/,
    ],
  ])('%s', (_, change, message) => {
    expect(reading(change)).toThrow(GraphError);
    expect(reading(change)).toThrow(message);
  });

  test('messages within messages', () => {
    let bytes = new Uint8Array();
    for (let depth = 0; depth < 60; depth++) {
      const length = [bytes.length & 127, bytes.length >> 7].map((byte, i) => (i === 0 ? byte | 128 : byte));
      const field = depth % 3 === 0 ? 0x32 : depth % 3 === 1 ? 0x2a : 0x0a;
      bytes = Uint8Array.of(field, ...length, ...bytes);
    }
    expect(() => decode(Uint8Array.of(0x3a, (bytes.length & 127) | 128, bytes.length >> 7, ...bytes))).toThrow(
      /more than 32 deep/,
    );
  });

  test('more parts than any network has', () => {
    const node = [0x0a, 0x00];
    const many = new Uint8Array(4_400_000).map((_, i) => node[i % 2]);
    const size = [
      (many.length & 127) | 128,
      ((many.length >> 7) & 127) | 128,
      ((many.length >> 14) & 127) | 128,
      many.length >> 21,
    ];
    const file = new Uint8Array([0x3a, ...size, ...many]);
    expect(() => decode(file)).toThrow(/too large: it has 2200002 parts, expected at most 2000000/);
  });

  test('what is not needed does no harm', () => {
    const constants = { w: { dataType: 8, dims: [1n] } };
    expect(reading({ constants })).not.toThrow();
    expect(decode(writeModel({ ...plain, constants })).unreadable).toEqual({
      w: 'it holds string, which graphs do not know',
    });
  });
});

describe('dtypes of weights', () => {
  const held = (of: object): number[] => numbers(decode(writeModel({ ...plain, constants: { w: of } })).constants['w']);
  const half = { dataType: 10, dims: [6n] };
  const bits = [0x3c00, 0xc100, 0x0001, 0x7c00, 0x0400, 0x8000];
  const values = [1, -2.5, 2 ** -24, Infinity, 2 ** -14, -0];

  test('half floats are widened exactly', () => {
    expect(held({ ...half, int32Data: bits })).toEqual(values);
    expect(held({ ...half, rawData: new Uint8Array(Uint16Array.from(bits).buffer) })).toEqual(values);
    expect(held({ dataType: 16, dims: [3n], int32Data: [0x3f80, 0xc020, 0x7f80] })).toEqual([1, -2.5, Infinity]);
  });

  test('listed data of every dtype', () => {
    expect(held({ dataType: 1, dims: [2n], floatData: [1.5, -2] })).toEqual([1.5, -2]);
    expect(held({ dataType: 11, dims: [2n], doubleData: [1.5, 1e300] })).toEqual([1.5, 1e300]);
    expect(held({ dataType: 7, dims: [2n], int64Data: [-1n, 5n] })).toEqual([-1, 5]);
    expect(held({ dataType: 6, dims: [2n], int32Data: [-1, 5] })).toEqual([-1, 5]);
    expect(held({ dataType: 9, dims: [2n], int32Data: [0, 1] })).toEqual([0, 1]);
    expect(held({ dataType: 2, dims: [2n], int32Data: [0, 255] })).toEqual([0, 255]);
  });

  test('a model of half floats is read as one of float32', () => {
    const graph = readGraph(
      writeModel({
        ...plain,
        inputs: { x: { shape: [2], dtype: 10 } },
        constants: { w: { dataType: 10, dims: [1n], int32Data: [0x4000] } },
        nodes: [
          { op: 'Mul', inputs: ['x', 'w'], outputs: ['h'] },
          { op: 'Cast', inputs: ['h'], outputs: ['y'], attributes: { to: 10 } },
        ],
      }),
    );
    expect(graph.outputs[0].value.dtype).toBe('float32');
  });
});

test('preflight returns the nodes that outputs need, in order', () => {
  const model = decode(writeModel(smallFile));
  expect(preflight(model, ['r']).map(({ op }) => op)).toEqual(['Conv', 'Clip']);
  expect(preflight(model)).toHaveLength(14);
  expect(preflight(model, ['x'])).toEqual([]);
});

test('the scan counts what reading would build', () => {
  const found = scanModel(writeModel(smallFile));
  expect(found.messages).toBeGreaterThan(40);
  expect(found.depth).toBeLessThan(10);
  expect(found.external).toBe(0);
  const elsewhere = { dataType: 1, dims: [2n], dataLocation: 1 };
  expect(scanModel(writeModel({ ...plain, constants: { w: elsewhere } })).external).toBe(1);
  expect(() => scanModel(Uint8Array.of(0x3a, 0xff, 0xff))).toThrow(/byte \d is damaged/);
  expect(() => scanModel(Uint8Array.of(0x0b, 0x0c))).toThrow(/byte \d is damaged/);
});

test('a graph without a float weight has nothing to learn', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [2, 3]);
  expect(() => spliceTrainable(g, writeModel(plain), { x })).toThrow(/no weight to learn/);
});

test('a file of no graph, and an empty graph, are told apart', () => {
  expect(() => decode(new Uint8Array([8, 7]))).toThrow(/holds no graph/);
  expect(readGraph(encode(new GraphBuilder().build())).nodes).toEqual([]);
});
