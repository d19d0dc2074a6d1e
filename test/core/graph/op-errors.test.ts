import { describe, expect, test } from 'vitest';
import { backward } from '../../../core/graph/backward.ts';
import { GraphBuilder } from '../../../core/graph/builder.ts';
import type { OpName } from '../../../core/graph/op-name.ts';
import { reduceSum } from '../../../core/graph/ops/reduce.ts';
import { resize } from '../../../core/graph/ops/sample.ts';
import type { DType } from '../../../core/graph/tensor.ts';
import type { Attributes, Value } from '../../../core/graph/value.ts';

type Input = readonly [shape: number[], dtype?: DType] | number[] | null;

/** Adds a node of inputs: a shape with a dtype is an input, a plain list a known int64 vector, null is left out. */
function build(op: OpName, inputs: readonly Input[], attributes: Attributes = {}): Value {
  const g = new GraphBuilder();
  const values = inputs.map((input, i) => {
    if (input === null) return null;
    const [shape, dtype] = input;
    return Array.isArray(shape)
      ? g.input(`x${i}`, shape, dtype as DType | undefined)
      : g.constant(input as number[], [input.length], 'int64');
  });
  return g.node(op, values, attributes);
}

const image = [[1, 2, 5, 5]] as const satisfies Input;
const vector = [[3]] as const satisfies Input;

/** What is built, and what the error must say: the op, the input, what was found and what is expected. */
const mistakes: [OpName, readonly Input[], Attributes, RegExp][] = [
  [
    'Add',
    [vector, [[3], 'int64']],
    {},
    /Add: inputs of dtype float32 and int64, expected the same number type; cast one/,
  ],
  ['Add', [vector], {}, /Add: 1 inputs, expected 2/],
  ['Add', [[[2, 3]], [[3, 2]]], {}, /Add: shapes \[2, 3\] and \[3, 2\] do not broadcast/],
  ['Max', [], {}, /Max: no inputs, expected at least 1/],
  ['Max', [vector, vector, [[3], 'int32']], {}, /Max: input 2 is int32, expected numbers like input 0 \(float32\)/],
  ['Relu', [vector, vector], {}, /Relu: 2 inputs, expected 1; take the others away/],
  ['Exp', [[[3], 'int64']], {}, /Exp: input 0 is int64, expected float32 or float64; cast it first/],
  ['Relu', [[[3], 'bool']], {}, /Relu: input 0 is bool, expected numbers/],
  ['Clip', [vector, [[2]]], {}, /Clip: bound 1 is float32 \[2\], expected a single float32/],
  ['Less', [vector, [[3], 'int64']], {}, /Less: input 1 is int64, expected float32 like input 0/],
  ['And', [vector, vector], {}, /And: input 0 is float32, expected bools/],
  ['Where', [vector, vector, vector], {}, /Where: the condition \(input 0\) is float32, expected bool; compare it/],
  ['Cast', [vector], { to: 10 }, /Cast: from float32 to a dtype that graphs do not know/],
  ['ReduceSum', [vector, [4]], {}, /ReduceSum: axis 4 does not exist in rank 1/],
  ['ReduceMax', [[[3], 'bool']], {}, /ReduceMax: input 0 is bool, expected numbers; cast it first/],
  ['FusedMatMul', [[[2, 3]], [[3, 2]]], { transBatchA: 1 }, /FusedMatMul: transBatchA is not known, expected 0/],
  ['Softmax', [vector], { axis: 1 }, /Softmax: axis 1 does not exist in rank 1/],
  ['Flatten', [vector], { axis: 2 }, /Flatten: axis 2 of \[3\], expected -1 to 1/],
  ['Tile', [vector, [1, 2]], {}, /Tile: 2 repeats for \[3\], expected one for each axis/],
  ['Slice', [vector, [0], [1, 2]], {}, /Slice: 1 starts with 2, 1, 1 ends, axes and steps, expected as many/],
  ['Slice', [vector, [0], [1], [0], [0]], {}, /Slice: the step along axis 0 is 0, expected any other whole number/],
  ['Slice', [[[3, 3]], [0, 0], [1, 1], [1, -1]], {}, /Slice: axes \[1, -?1\] name an axis twice/],
  ['Pad', [vector, [1]], {}, /Pad: 1 pads for 1 axes, expected all begins, then all ends/],
  ['Pad', [vector, [3, 0]], { mode: 'reflect' }, /Pad: axis 0 of size 3 has only 2 elements to reflect, not 3/],
  ['Pad', [vector, [1, 0]], { mode: 'wrap' }, /Pad: mode 'wrap' is unknown, expected 'constant', 'edge' or 'reflect'/],
  ['Gather', [vector, [3]], {}, /Gather: index 3 does not exist along axis 0 of \[3\]/],
  ['Gather', [vector, vector], {}, /Gather: indices are float32, expected int64; cast them/],
  ['GatherElements', [[[2, 3]], [[3, 3], 'int64']], { axis: 1 }, /indices \[3, 3\] do not lie in \[2, 3\]/],
  ['ScatterElements', [vector, [1], [[2]]], {}, /ScatterElements: updates float32 \[2\], expected float32 \[1\]/],
  ['GatherND', [vector, [[2, 2], 'int64']], {}, /names 2 axes of data \[3\], expected 1 to 1/],
  ['GatherND', [[[2, 3]], [[3, 1], 'int64']], { batch_dims: 1 }, /differ in the first 1 axes \(batch_dims\)/],
  [
    'ScatterND',
    [[[4, 2]], [[3, 1], 'int64'], [[3, 3]]],
    {},
    /ScatterND: updates float32 \[3, 3\], expected float32 \[3, 2\]/,
  ],
  [
    'Conv',
    [image, [[4, 3, 3, 3]]],
    {},
    /Conv: x \[1, 2, 5, 5\] does not fit weights \[4, 3, 3, 3\] in 1 groups, expected/,
  ],
  ['Conv', [image, [[4, 2, 3, 3]], vector], {}, /Conv: bias \(input 2\) is \[3\], expected \[4\]/],
  ['Conv', [image, [[4, 2, 3, 3], 'float64']], {}, /Conv: input 1 is float64, expected float32 like input 0/],
  ['Conv', [image, [[4, 2, 3, 3]]], { strides: [1] }, /Conv: strides \[1\], expected 2 positive numbers/],
  ['Conv', [image, [[4, 2, 3, 3]]], { pads: [1, 1] }, /Conv: pads \[1, 1\], expected 4 numbers: all begins, then/],
  ['Conv', [image, [[4, 2, 3, 3]]], { auto_pad: 'SAME' }, /Conv: auto_pad 'SAME', expected NOTSET, VALID, SAME_UPPER/],
  ['ConvTranspose', [image, [[3, 2, 3, 3]]], {}, /ConvTranspose: x \[1, 2, 5, 5\] does not fit weights \[3, 2, 3, 3\]/],
  ['ConvTranspose', [image, [[2, 2, 3, 3]]], { output_padding: [1, 0] }, /expected less than the strides \[1, 1\]/],
  [
    'ConvTranspose',
    [image, [[2, 2, 3, 3]]],
    { output_shape: [9, 9] },
    /the windows reach \[7, 7\] only; lower output_shape/,
  ],
  ['MaxPool', [image], {}, /MaxPool: kernel_shape \[\], expected 2 positive numbers/],
  ['AveragePool', [image], { kernel_shape: [2, 2], dilations: [2, 1] }, /AveragePool: dilations \[2, 1\], expected 1s/],
  ['LayerNormalization', [image, vector], {}, /LayerNormalization: input 1 is float32 \[3\], expected float32 \[5\]/],
  ['InstanceNormalization', [image, vector, vector], {}, /input 1 is float32 \[3\], expected float32 \[C\] for x/],
  ['BatchNormalization', [image], { training_mode: 1 }, /training_mode 1 .* use trainBatchNormalization/],
  ['Resize', [image, null, null, [9]], { axes: [2, 3] }, /Resize: 1 sizes, expected 2, one per axis/],
  ['Resize', [image, null, null, [9]], { axes: [4] }, /Resize: axis 4 does not exist in rank 4/],
  ['GridSample', [image, [[1, 3, 3, 3]]], {}, /grid \[1, 3, 3, 3\], expected \[N, C, H, W\] and \[N, h, w, 2\]/],
];

test.each(mistakes)('%s of %j with %j is refused', (op, inputs, attributes, message) => {
  expect(() => build(op, inputs, attributes)).toThrow(message);
});

describe('gradients that do not exist are refused with the reason', () => {
  const g = new GraphBuilder();
  const x = g.input('x', [1, 1, 5, 4]);
  const indices = g.constant([0], [1, 1, 1, 1], 'int64');

  test.each<[string, () => Value, RegExp]>([
    ['a step', () => g.node('Round', [x]), /Round: no gradient reaches input 0 \('x'\): Round is a step function/],
    [
      'a scatter that multiplies',
      () => g.node('ScatterElements', [x, indices, g.constant([1], [1, 1, 1, 1])], { reduction: 'mul' }),
      /ScatterElements: no gradient for reduction 'mul'; train with 'none' or 'add'/,
    ],
    [
      'a window wholly in the padding',
      () => g.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }),
      /MaxPool: no gradient where ceil_mode adds a window beyond the elements of axis 2; set ceil_mode to 0/,
    ],
    [
      'a bound',
      () => g.node('Clip', [g.constant([1]), reduceSum(g, x)]),
      /Clip: not differentiable toward input 1 .* detach it if that is meant/,
    ],
    [
      'resizing of a region',
      () => {
        const [region, sizes] = [g.constant([0, 1]), g.constant([3], [1], 'int64')];
        return g.node('Resize', [x, region, null, sizes], {
          axes: [-1],
          mode: 'linear',
          coordinate_transformation_mode: 'tf_crop_and_resize',
        });
      },
      /Resize: no gradient for coordinates 'tf_crop_and_resize' .* only for half_pixel/,
    ],
    [
      'bicubic sampling',
      () => g.node('GridSample', [x, g.constant(new Float32Array(2), [1, 1, 1, 2])], { mode: 'bicubic' }),
      /GridSample: mode 'bicubic' has no gradient here; train with mode 'bilinear'/,
    ],
  ])('%s', (_, make, message) => {
    expect(() => backward(g, reduceSum(g, make()), [x])).toThrow(message);
  });

  test('resizing has one in every mode', () => {
    expect(() => backward(g, reduceSum(g, resize(g, x, { sizes: [1, 1, 2, 9], mode: 'cubic' })), [x])).not.toThrow();
  });
});
