import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../../core/geometry/random.ts';
import { decode } from '../../../core/graph/decode.ts';
import { GraphError } from '../../../core/graph/graph-error.ts';
import { readGraph } from '../../../core/graph/read-graph.ts';
import { simplify } from '../../../core/graph/passes/simplify.ts';
import { int64, tensor } from '../../../core/graph/tensor.ts';
import type { Attribute, Graph } from '../../../core/graph/value.ts';
import { type WrittenModel, type WrittenNode, writeModel } from '../../support/onnx-writer.ts';
import { smallFile } from '../../support/small-file.ts';
import { opsetCases } from './opsets/opset-cases.ts';

/** How many damaged files a test reads; more of them with CONGEAL_MUTATIONS=100000, others with CONGEAL_SEED=7. */
const rounds = Number(process.env['CONGEAL_MUTATIONS'] ?? 10_000);
const seed = Number(process.env['CONGEAL_SEED'] ?? 1);

/** The most bytes that reading one of these small files may take. */
const mostMemory = 64 * 2 ** 20;

/** Reads a file that may be damaged in any way: a graph comes out, or a GraphError that says something. */
function readAnything(file: Uint8Array): 'graph' | 'refused' {
  let graph: Graph;
  try {
    graph = readGraph(file, { sizes: { n: 2 } });
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { cause } = error;
    if (cause !== undefined && !/^this is no ONNX model/.test(error.message)) expect(cause).toBeInstanceOf(GraphError);
    expect(error.message.length).toBeGreaterThan(15);
    expect(error.message.length).toBeLessThan(2000);
    return 'refused';
  }
  const constants = Object.values(graph.constants).reduce((sum, { data }) => sum + data.byteLength, 0);
  expect(constants).toBeLessThan(mostMemory);
  return 'graph';
}

const files = [writeModel(smallFile), ...sampleFiles()];

function sampleFiles(): Uint8Array[] {
  const wanted = ['Resize', 'Split', 'Pad', 'GridSample', 'Slice', 'ConvTranspose', 'Softmax', 'Range', 'DepthToSpace'];
  return wanted.map((op) => {
    const one = opsetCases.findLast((found) => found.op === op);
    if (!one) throw new Error(`no case of ${op}`);
    const named = one.inputs.map((of, i) => [of === null ? '' : `x${i}`, of] as const);
    const outputs = Array.from({ length: one.outputs ?? 1 }, (_, i) => `y${i}`);
    return writeModel({
      opset: one.opset,
      inputs: Object.fromEntries(
        named.flatMap(([name, of]) => (of && !('dtype' in of) ? [[name, { shape: of }]] : [])),
      ),
      outputs: Object.fromEntries(outputs.map((name) => [name, {}])),
      constants: Object.fromEntries(named.flatMap(([name, of]) => (of && 'dtype' in of ? [[name, of]] : []))),
      nodes: [{ op, inputs: named.map(([name]) => name), outputs, attributes: one.attributes ?? {} }],
    });
  });
}

type Mutator = (bytes: Uint8Array, random: Random) => Uint8Array;

const interesting = [0, 1, 2, 7, 8, 127, 128, 255];

const mutators: readonly Mutator[] = [
  (bytes, random) => bytes.with(random.integer(bytes.length), random.integer(256)),
  (bytes, random) => bytes.with(random.integer(bytes.length), random.pick(interesting)),
  (bytes, random) => {
    const at = random.integer(bytes.length);
    return bytes.with(at, bytes[at] ^ (1 << random.integer(8)));
  },
  (bytes, random) => bytes.slice(0, random.integer(bytes.length)),
  (bytes, random) => {
    const [from, to] = [random.integer(bytes.length), random.integer(bytes.length)].sort((a, b) => a - b);
    return Uint8Array.of(...bytes.slice(0, from), ...bytes.slice(to));
  },
  (bytes, random) => {
    const at = random.integer(bytes.length);
    const grown = Array.from({ length: random.integer(12) }, () => random.pick(interesting));
    return Uint8Array.of(...bytes.slice(0, at), ...grown, ...bytes.slice(at));
  },
  (bytes, random) => {
    const [from, to, length] = [random.integer(bytes.length), random.integer(bytes.length), random.integer(40)];
    const copy = bytes.slice();
    copy.set(bytes.slice(from, Math.min(from + length, bytes.length - to + from)), to);
    return copy;
  },
];

test(`bytes changed at random (CONGEAL_SEED=${seed})`, () => {
  const random = createRandom(seed);
  const outcomes = { graph: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    let bytes = random.pick(files);
    for (let times = 1 + random.integer(3); times > 0 && bytes.length > 0; times--)
      bytes = random.pick(mutators)(bytes, random);
    outcomes[readAnything(bytes)]++;
  }
  expect(outcomes.graph).toBeGreaterThan(rounds / 20);
  expect(outcomes.refused).toBeGreaterThan(rounds / 20);
});

test('cut at every byte', () => {
  for (const file of files) for (let length = 0; length < file.length; length++) readAnything(file.subarray(0, length));
});

describe('files that are well formed and make no sense', () => {
  const numbers = fc.oneof(
    fc.integer({ min: -4, max: 12 }),
    fc.integer(),
    fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 52),
  );
  const shape = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), numbers), { maxLength: 6 });
  const name = fc.constantFrom('x', 'w', 'list', 'a', 'b', 'c', 'y', '', '__proto__', 'constructor');
  const attribute: fc.Arbitrary<Attribute> = fc.oneof(
    numbers,
    fc.array(numbers, { maxLength: 8 }),
    fc.constantFrom('constant', 'linear', 'SAME_UPPER', 'bilinear', 'nearest', 'CRD', ''),
    fc.float().map((value) => ({ float: value })),
    numbers.map((value) => int64([value])),
  );
  const ops = [
    ...new Set(opsetCases.map(({ op }) => op)),
    'Concat',
    'Gather',
    'Transpose',
    'MatMul',
    'Where',
    'Tile',
    'If',
  ];
  const attributeNames = [
    ...new Set(opsetCases.flatMap(({ attributes = {} }) => Object.keys(attributes))),
    'perm',
    'dilations',
    'group',
  ];
  const node: fc.Arbitrary<WrittenNode> = fc.record({
    op: fc.constantFrom(...ops),
    inputs: fc.array(name, { maxLength: 5 }),
    outputs: fc.array(fc.constantFrom('a', 'b', 'c', 'y', ''), { minLength: 1, maxLength: 3 }),
    attributes: fc.dictionary(fc.constantFrom(...attributeNames), attribute, { maxKeys: 4 }),
  });
  const model: fc.Arbitrary<WrittenModel> = fc.record({
    opset: fc.integer({ min: 8, max: 22 }),
    inputs: shape.map((sizes) => ({ x: { shape: sizes } })),
    outputs: fc.constant({ y: {} }),
    nodes: fc
      .array(node, { minLength: 1, maxLength: 4 })
      .map((nodes) => nodes.map((one, i) => (i === nodes.length - 1 ? { ...one, outputs: ['y'] } : one))),
    constants: fc
      .tuple(fc.array(numbers, { maxLength: 6 }), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }))
      .map(([list, sizes]) => ({
        list: int64(list),
        w: tensor(new Float32Array(sizes.reduce((a, b) => a * b, 1)), sizes),
      })),
  });

  test(`give a graph or an error that says why (CONGEAL_SEED=${seed})`, () => {
    fc.assert(
      fc.property(model, (one) => {
        readAnything(writeModel(one));
      }),
      { numRuns: rounds, seed },
    );
  });

  test('and what can be read can be simplified', () => {
    let simplified = 0;
    fc.assert(
      fc.property(model, (one) => {
        const file = writeModel(one);
        if (readAnything(file) === 'refused') return;
        simplify(readGraph(file));
        simplified++;
      }),
      { numRuns: Math.ceil(rounds / 4), seed },
    );
    expect(simplified).toBeGreaterThan(0);
  });

  test('random bytes are no model', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(GraphError);
        }
      }),
      { numRuns: Math.ceil(rounds / 4), seed },
    );
  });
});
