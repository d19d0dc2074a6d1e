import { int64, tensor, type Tensor } from '../../../../core/graph/tensor.ts';
import type { Attribute } from '../../../../core/graph/value.ts';

/** One node of some opset: the shapes of its inputs or the constants that are fed to it. */
export interface OpsetCase {
  readonly op: string;
  readonly opset: number;
  readonly inputs: readonly (readonly number[] | Tensor | null)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly outputs?: number;
}

const image = [1, 2, 4, 6];
const empty = tensor(new Float32Array(0), [0]);
const ints = (...list: number[]): Tensor => int64(list);
const floats = (...list: number[]): Tensor => tensor(list);
const float = (value: number): Attribute => ({ float: value });

function at(opset: number, cases: Readonly<Record<string, readonly Omit<OpsetCase, 'op' | 'opset'>[]>>): OpsetCase[] {
  return Object.entries(cases).flatMap(([op, list]) => list.map((one) => ({ op, opset, ...one })));
}

const axesAttribute = [
  { inputs: [[2, 3, 4]], attributes: { axes: [1], keepdims: 0 } },
  { inputs: [[2, 3, 4]], attributes: { axes: [0, 2] } },
  { inputs: [[2, 3, 4]] },
];
const axesInput = [{ inputs: [[2, 3, 4], ints(1)], attributes: { keepdims: 0 } }, { inputs: [[2, 3, 4], ints(-1, 0)] }];
const statistics = [1, 2].map(() => floats(1, 2));
const deviations = [floats(0.1, -0.2), floats(0.5, 1.5)];
const wide = { inputs: [[2, 3, 4, 5]] };

/** What changed between opsets 9 and 21, each op at the opsets where it meant or was written differently. */
export const opsetCases: readonly OpsetCase[] = [
  ...at(9, {
    BatchNormalization: [
      { inputs: [image, ...statistics, ...deviations], attributes: { epsilon: float(1e-3), momentum: float(0.9) } },
    ],
    Cast: [{ inputs: [[3]], attributes: { to: 1 } }],
    Clip: [
      { inputs: [[9]], attributes: { min: float(-0.5), max: float(0.3) } },
      { inputs: [[9]], attributes: { max: float(0) } },
    ],
    ConstantOfShape: [{ inputs: [ints(2, 3)], attributes: { value: floats(7) } }],
    Dropout: [{ inputs: [[2, 3]], attributes: { ratio: float(0.3) } }],
    Flatten: [{ inputs: [[2, 3, 4]] }],
    Gemm: [{ inputs: [[2, 3], [3, 4], [4]], attributes: { alpha: float(0.5), beta: float(2) } }],
    LogSoftmax: [{ ...wide, attributes: { axis: 2 } }],
    Max: [{ inputs: [[2, 3], [3], [2, 1]] }],
    Mean: [{ inputs: [[2, 3], [3], [2, 1]] }],
    Pad: [
      { inputs: [[2, 3]], attributes: { pads: [0, 1, 2, 0], value: float(1.5) } },
      { inputs: [[2, 3]], attributes: { pads: [0, 1, 1, 1], mode: 'reflect' } },
    ],
    PRelu: [{ inputs: [image, [2, 1, 1]] }],
    ReduceMean: axesAttribute,
    ReduceSum: axesAttribute,
    Scatter: [{ inputs: [[3, 2], tensor([2, 0], [1, 2], 'int64'), [1, 2]] }],
    Slice: [
      { inputs: [[4, 5]], attributes: { starts: [1, -3], ends: [9, -1] } },
      { inputs: [[4, 5]], attributes: { starts: [1], ends: [3], axes: [1] } },
    ],
    Softmax: [
      wide,
      { ...wide, attributes: { axis: 3 } },
      { ...wide, attributes: { axis: 0 } },
      { inputs: [[2, 3, 1, 1]] },
    ],
    Split: [
      { inputs: [[6, 2]], outputs: 3 },
      { inputs: [[2, 5]], attributes: { axis: 1, split: [2, 3] }, outputs: 2 },
    ],
    Squeeze: [{ inputs: [[1, 3, 1]], attributes: { axes: [0] } }, { inputs: [[1, 3, 1]] }],
    Sum: [{ inputs: [[2, 3], [3], [2, 1]] }, { inputs: [[2, 3]] }],
    Unsqueeze: [{ inputs: [[3, 4]], attributes: { axes: [0, 2] } }],
    Upsample: [
      { inputs: [image, floats(1, 1, 2, 3)] },
      { inputs: [image, floats(1, 1, 2, 2)], attributes: { mode: 'linear' } },
    ],
  }),
  ...at(10, {
    Resize: [
      { inputs: [image, floats(1, 1, 2, 2)] },
      { inputs: [[1, 2, 5, 6], floats(1, 1, 0.5, 0.7)] },
      { inputs: [[1, 2, 5, 6], floats(1, 1, 1.7, 0.4)] },
      { inputs: [image, floats(1, 1, 1.5, 2)], attributes: { mode: 'linear' } },
    ],
    Slice: [{ inputs: [[4, 5], ints(0, 4), ints(4, -9), ints(0, 1), ints(2, -2)] }],
  }),
  ...at(11, {
    AveragePool: [
      {
        inputs: [image],
        attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 1, 1, 0], count_include_pad: 1 },
      },
    ],
    Clip: [{ inputs: [[9], tensor(-0.5, []), tensor(0.5, [])] }, { inputs: [[9], null, tensor(0, [])] }],
    Conv: [
      { inputs: [[1, 2, 5, 6], [3, 2, 3, 3], [3]], attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] } },
      {
        inputs: [
          [1, 2, 5, 6],
          [3, 2, 2, 3],
        ],
        attributes: { auto_pad: 'SAME_LOWER' },
      },
    ],
    ConvTranspose: [
      {
        inputs: [
          [1, 2, 3, 3],
          [2, 3, 3, 3],
        ],
        attributes: { strides: [2, 2], output_shape: [6, 6] },
      },
      {
        inputs: [
          [1, 1, 3, 3],
          [1, 2, 3, 3],
        ],
        attributes: { strides: [3, 2], output_shape: [10, 8] },
      },
    ],
    DepthToSpace: [
      { inputs: [[1, 8, 2, 3]], attributes: { blocksize: 2 } },
      { inputs: [[1, 8, 2, 3]], attributes: { blocksize: 2, mode: 'CRD' } },
    ],
    GlobalMaxPool: [{ inputs: [image] }],
    Pad: [
      { inputs: [[2, 3], ints(1, 0, 0, 2), tensor(3, [])] },
      { inputs: [[2, 3], ints(1, 0, 0, 2)], attributes: { mode: 'edge' } },
    ],
    Range: [{ inputs: [tensor(1, []), tensor(2, []), tensor(0.25, [])] }],
    ReduceMax: axesAttribute,
    Resize: [
      {
        inputs: [image, empty, floats(1, 1, 2, 2)],
        attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
      },
      {
        inputs: [image, empty, empty, ints(1, 2, 8, 3)],
        attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
      },
      {
        inputs: [image, empty, empty, ints(1, 2, 8, 3)],
        attributes: { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
      },
    ],
    ScatterElements: [{ inputs: [[3, 2], tensor([2, 0], [1, 2], 'int64'), [1, 2]] }],
    Softmax: [wide],
    SpaceToDepth: [{ inputs: [[1, 2, 4, 6]], attributes: { blocksize: 2 } }],
    Unsqueeze: [{ inputs: [[3, 4]], attributes: { axes: [-1] } }],
  }),
  ...at(13, {
    LpNormalization: [
      { inputs: [tensor([0, 0, 3, 4], [2, 2])] },
      { inputs: [tensor([0, 0, 3, 4], [2, 2])], attributes: { p: 1 } },
      { inputs: [[2, 3]] },
      { inputs: [[2, 3]], attributes: { p: 1, axis: 0 } },
    ],
    MeanVarianceNormalization: [{ inputs: [image] }],
    Sign: [{ inputs: [[9]] }],
    Celu: [{ inputs: [[9]], attributes: { alpha: float(0.7) } }],
    Dropout: [{ inputs: [[2, 3], tensor(0.5, []), tensor([0], [], 'bool')] }],
    HardSigmoid: [{ inputs: [[9]], attributes: { alpha: float(0.4) } }],
    LogSoftmax: [{ ...wide, attributes: { axis: 1 } }],
    MaxPool: [{ inputs: [image], attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } }],
    Min: [{ inputs: [[2, 3], [3]] }],
    Pow: [{ inputs: [floats(1, 2, 3), ints(2)] }],
    ReduceL1: axesAttribute,
    ReduceL2: axesAttribute,
    ReduceLogSumExp: axesAttribute,
    ReduceMin: axesAttribute,
    ReduceProd: axesAttribute,
    ReduceSum: axesInput,
    ReduceSumSquare: axesAttribute,
    Selu: [{ inputs: [[9]] }],
    Size: [{ inputs: [[2, 3, 4]] }],
    Slice: [{ inputs: [[4, 5], ints(1), ints(Number.MAX_SAFE_INTEGER), ints(1)] }],
    Softmax: [wide, { ...wide, attributes: { axis: 1 } }],
    Softsign: [{ inputs: [[9]] }],
    Split: [
      { inputs: [[2, 5], ints(4, 1)], attributes: { axis: -1 }, outputs: 2 },
      { inputs: [[6]], outputs: 2 },
    ],
    Squeeze: [{ inputs: [[1, 3, 1], ints(-1)] }],
    ThresholdedRelu: [{ inputs: [[9]], attributes: { alpha: float(0.2) } }],
    Unsqueeze: [{ inputs: [[3, 4], ints(1)] }],
  }),
  ...at(17, {
    BatchNormalization: [{ inputs: [image, ...statistics, ...deviations] }],
    CastLike: [{ inputs: [ints(1, 2, 3), [1]] }],
    GridSample: [{ inputs: [image, [1, 3, 2, 2]], attributes: { mode: 'bilinear', align_corners: 1 } }],
    HardSwish: [{ inputs: [[9]] }],
    LayerNormalization: [{ inputs: [[2, 3, 4], [4], [4]] }],
    ReduceMean: axesAttribute,
    Reshape: [{ inputs: [[2, 3], ints(3, -1)], attributes: { allowzero: 1 } }],
    ScatterElements: [{ inputs: [[3, 2], tensor([2, 2], [2, 1], 'int64'), [2, 1]], attributes: { reduction: 'add' } }],
  }),
  ...at(18, { GroupNormalization: [{ inputs: [[2, 6, 3, 2], [2], [2]], attributes: { num_groups: 2 } }] }),
  ...at(21, {
    AveragePool: [{ inputs: [[1, 2, 7, 7]], attributes: { kernel_shape: [2, 2], ceil_mode: 1, strides: [2, 2] } }],
    Cast: [{ inputs: [[3]], attributes: { to: 1, saturate: 1 } }],
    GridSample: [
      { inputs: [image, [1, 3, 2, 2]], attributes: { mode: 'linear', padding_mode: 'border' } },
      { inputs: [image, [1, 3, 2, 2]], attributes: { mode: 'nearest' } },
    ],
    Gelu: [{ inputs: [[9]] }, { inputs: [[9]], attributes: { approximate: 'tanh' } }],
    GroupNormalization: [{ inputs: [[2, 6, 3, 2], [6], [6]], attributes: { num_groups: 2 } }],
    Mish: [{ inputs: [[9]] }],
    Pad: [{ inputs: [[2, 3], ints(1, 2), null, ints(-1)] }],
    ReduceMax: axesInput,
    ReduceMean: axesInput,
    Reshape: [{ inputs: [[2, 3], ints(0, -1)] }],
    Resize: [
      { inputs: [[1, 1, 9, 8], null, null, ints(4, 3)], attributes: { mode: 'linear', axes: [2, -1], antialias: 1 } },
    ],
    Split: [{ inputs: [[7]], attributes: { num_outputs: 3 }, outputs: 3 }],
    Squeeze: [{ inputs: [[1, 3, 1], ints(0)] }],
  }),
];
