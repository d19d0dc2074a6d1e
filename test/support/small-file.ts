import { int64, tensor } from '../../core/graph/tensor.ts';
import type { WrittenModel } from './onnx-writer.ts';

/** A small file with something of everything: an open batch, attributes, weights of three dtypes, shape arithmetic. */
export const smallFile: WrittenModel = {
  opset: 13,
  inputs: { x: { shape: ['n', 2, 5, 5] } },
  outputs: { y: { shape: ['n', 6] }, peak: { shape: ['n', 3, 1, 1] } },
  constants: {
    w: tensor(
      Array.from({ length: 54 }, (_, i) => Math.sin(i)),
      [3, 2, 3, 3],
    ),
    b: tensor([0.1, 0.2, 0.3]),
    axes: int64([2]),
    high: tensor(6, []),
  },
  nodes: [
    { op: 'Conv', inputs: ['x', 'w', 'b'], outputs: ['c'], attributes: { pads: [1, 1, 1, 1], kernel_shape: [3, 3] } },
    { op: 'Clip', inputs: ['c', '', 'high'], outputs: ['r'] },
    { op: 'MaxPool', inputs: ['r'], outputs: ['m'], attributes: { kernel_shape: [2, 3], strides: [3, 2] } },
    { op: 'ReduceSum', inputs: ['m', 'axes'], outputs: ['s'], attributes: { keepdims: 0 } },
    { op: 'Shape', inputs: ['s'], outputs: ['shape'] },
    { op: 'Constant', inputs: [], outputs: ['zero'], attributes: { value: tensor([0], [], 'int64') } },
    { op: 'Gather', inputs: ['shape', 'zero'], outputs: ['batch'], attributes: { axis: 0 } },
    { op: 'Constant', inputs: [], outputs: ['front'], attributes: { value_ints: [0] } },
    { op: 'Unsqueeze', inputs: ['batch', 'front'], outputs: ['row'] },
    { op: 'Constant', inputs: [], outputs: ['rest'], attributes: { value: int64([-1]) } },
    { op: 'Concat', inputs: ['row', 'rest'], outputs: ['to'], attributes: { axis: 0 } },
    { op: 'Reshape', inputs: ['s', 'to'], outputs: ['flat'] },
    { op: 'LeakyRelu', inputs: ['flat'], outputs: ['y'], attributes: { alpha: { float: 0.1 } } },
    { op: 'ReduceMax', inputs: ['r'], outputs: ['peak'], attributes: { axes: [2, 3] } },
  ],
};
