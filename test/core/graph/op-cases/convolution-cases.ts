import type { OpName } from '../../../../core/graph/op-name.ts';
import { conv, convTranspose } from '../../../../core/graph/ops/convolution.ts';
import type { Attributes } from '../../../../core/graph/value.ts';
import type { OpCase } from './op-case.ts';

type Options = NonNullable<Parameters<typeof conv>[4]>;
type TransposedOptions = NonNullable<Parameters<typeof convTranspose>[4]>;

function convolution(x: number[], w: number[], options: Options): OpCase {
  return {
    name: `x [${x.join()}], w [${w.join()}], ${JSON.stringify(options)}`,
    inputs: { x: { shape: x }, w: { shape: w }, bias: { shape: [w[0]] } },
    build: (g, values) => conv(g, values['x'], values['w'], values['bias'], options),
  };
}

function transposed(x: number[], w: number[], options: TransposedOptions): OpCase {
  return {
    name: `x [${x.join()}], w [${w.join()}], ${JSON.stringify(options)}`,
    inputs: { x: { shape: x }, w: { shape: w }, bias: { shape: [w[1] * (options.group ?? 1)] } },
    build: (g, values) => convTranspose(g, values['x'], values['w'], values['bias'], options),
  };
}

/** Attributes that the functions do not offer but files hold. */
function loaded(op: 'Conv' | 'ConvTranspose', x: number[], w: number[], attributes: Attributes): OpCase {
  return {
    name: `x [${x.join()}], w [${w.join()}], ${JSON.stringify(attributes)}`,
    inputs: { x: { shape: x }, w: { shape: w } },
    build: (g, values) => g.node(op, [values['x'], values['w']], attributes),
  };
}

const automatic = ['SAME_UPPER', 'SAME_LOWER', 'VALID'].map((auto_pad) => ({ auto_pad }));

/** Cases of convolutions. */
export const convolutionCases = {
  Conv: [
    convolution([2, 4, 5, 6], [1, 4, 3, 3], { pads: [1, 0, 1, 2] }),
    convolution([2, 3, 6, 7], [4, 3, 3, 3], {}),
    convolution([2, 3, 6, 7], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
    convolution([2, 3, 9, 8], [4, 3, 3, 2], { strides: [2, 3], pads: [1, 0, 2, 1] }),
    convolution([2, 3, 9, 9], [4, 3, 3, 2], { dilations: [2, 3], pads: [1, 2, 1, 2] }),
    convolution([2, 4, 6, 5], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }),
    convolution([2, 3, 6, 5], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }),
    convolution([2, 3, 7, 5], [6, 1, 3, 2], { group: 3, dilations: [2, 1], pads: [0, 1, 2, 0] }),
    convolution([2, 1, 8, 9], [3, 1, 3, 4], { pads: [1, 2, 1, 2] }),
    convolution([2, 1, 21, 22], [2, 1, 9, 9], { strides: [4, 4] }),
    convolution([1, 1, 12, 11], [2, 1, 3, 3], { strides: [2, 3], dilations: [2, 1] }),
    convolution([2, 5, 7, 8], [4, 5, 3, 2], {}),
    convolution([2, 5, 7, 8], [4, 5, 3, 3], { pads: [1, 1, 1, 1] }),
    convolution([2, 5, 9, 8], [4, 5, 3, 2], { dilations: [2, 3], pads: [1, 2, 0, 1] }),
    convolution([1, 17, 9, 8], [2, 17, 3, 2], { strides: [2, 3], pads: [1, 0, 2, 1] }),
    convolution([2, 5, 3, 4], [3, 5, 1, 1], {}),
    convolution([2, 2, 4, 4], [3, 2, 4, 4], {}),
    convolution([1, 1, 1, 1], [1, 1, 1, 1], {}),
    convolution([2, 3, 9], [4, 3, 3], { strides: [2], pads: [1, 0] }),
    convolution([1, 5, 8], [2, 5, 3], { dilations: [2] }),
    convolution([1, 2, 4, 5, 3], [3, 2, 2, 3, 2], { pads: [1, 0, 0, 0, 1, 1], strides: [1, 2, 1] }),
    ...automatic.flatMap((auto) => [
      loaded('Conv', [1, 2, 5, 6], [3, 2, 2, 4], auto),
      loaded('Conv', [1, 2, 7, 6], [2, 2, 3, 2], { ...auto, strides: [2, 3] }),
      loaded('Conv', [1, 5, 9, 8], [2, 5, 3, 3], { ...auto, strides: [2, 2] }),
    ]),
  ],
  ConvTranspose: [
    transposed([2, 3, 4, 5], [3, 2, 3, 3], {}),
    transposed([2, 3, 4, 5], [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 1] }),
    transposed([1, 4, 3, 4], [4, 2, 3, 2], { group: 2, strides: [2, 1] }),
    transposed([1, 3, 3, 4], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 0, 0, 2] }),
    transposed([2, 2, 3, 3], [2, 3, 3, 2], { dilations: [2, 3], pads: [1, 0, 2, 1] }),
    transposed([1, 2, 3, 4], [2, 2, 2, 2], { strides: [3, 2], dilations: [2, 2], outputPadding: [2, 1] }),
    transposed([1, 6, 4, 3], [6, 2, 3, 3], { pads: [1, 1, 1, 1] }),
    transposed([1, 6, 4, 3], [6, 5, 3, 3], { pads: [1, 1, 1, 1] }),
    transposed([1, 1, 1, 1], [1, 1, 1, 1], {}),
    transposed([2, 3, 5], [3, 2, 3], { strides: [2], pads: [1, 0], outputPadding: [1] }),
    ...[
      [7, 9],
      [8, 8],
      [5, 10],
    ].map((output_shape) => loaded('ConvTranspose', [1, 2, 4, 5], [2, 3, 3, 2], { strides: [2, 2], output_shape })),
    loaded('ConvTranspose', [1, 1, 3, 3], [1, 2, 3, 3], { strides: [3, 2], output_shape: [10, 8] }),
    ...automatic.map((auto) => loaded('ConvTranspose', [1, 2, 4, 3], [2, 2, 3, 4], { ...auto, strides: [2, 2] })),
  ],
} satisfies Partial<Record<OpName, readonly OpCase[]>>;
