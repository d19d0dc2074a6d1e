import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  type Builder,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import type { Node, Value } from '../value.ts';
import { type ConvolutionOptions, weightGradient } from './convolution-weights.ts';
import { reverse } from './slicing.ts';
import { transpose } from './movement.ts';
import { reduceSum } from './reduce.ts';
import { transposedWindow } from './transposed-window.ts';
import { windowOf, windowSizes } from './window.ts';

function inferConv(call: OpCall): Inferred[] {
  const [x, w] = [required(call, 0), required(call, 1)];
  const group = integer(call.attributes, 'group', 1);
  if (
    x.shape.length < 3 ||
    x.shape.length !== w.shape.length ||
    x.shape[1] !== w.shape[1] * group ||
    w.shape[0] % group !== 0
  ) {
    throw new GraphError(
      `Conv: x ${shapeText(x.shape)} does not fit weights ${shapeText(w.shape)} in ${group} groups, expected [N, C, ...] and [O, C / groups, ...]`,
    );
  }
  checkRest(call, w.shape[0]);
  const sizes = x.shape.slice(2);
  return [
    {
      shape: [x.shape[0], w.shape[0], ...windowSizes('Conv', sizes, windowOf(call, sizes, w.shape.slice(2)))],
      dtype: x.dtype,
    },
  ];
}

function checkRest(call: OpCall, outputs: number): void {
  const [x, w, bias] = [required(call, 0), required(call, 1), call.inputs[2]];
  for (const [index, { dtype }] of [w, ...(bias ? [bias] : [])].entries()) {
    if (dtype !== x.dtype)
      throw new GraphError(`${call.op}: input ${index + 1} is ${dtype}, expected ${x.dtype} like input 0`);
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw new GraphError(`${call.op}: bias (input 2) is ${shapeText(bias.shape)}, expected [${outputs}]`);
  }
}

function inferConvTranspose(call: OpCall): Inferred[] {
  const [x, w] = [required(call, 0), required(call, 1)];
  const group = integer(call.attributes, 'group', 1);
  if (
    x.shape.length < 3 ||
    x.shape.length !== w.shape.length ||
    x.shape[1] !== w.shape[0] ||
    x.shape[1] % group !== 0
  ) {
    throw new GraphError(
      `ConvTranspose: x ${shapeText(x.shape)} does not fit weights ${shapeText(w.shape)} in ${group} groups, expected [N, C, ...] and [C, O / groups, ...]`,
    );
  }
  checkRest(call, w.shape[1] * group);
  const { sizes } = transposedWindow(call, x.shape.slice(2), w.shape.slice(2));
  return [{ shape: [x.shape[0], w.shape[1] * group, ...sizes], dtype: x.dtype }];
}

function optionsOf(node: Node): Required<ConvolutionOptions> {
  const [x, w] = [inputOf(node, 0).shape.slice(2), inputOf(node, 1).shape.slice(2)];
  const { strides, pads, dilations } = node.op === 'Conv' ? windowOf(node, x, w) : transposedWindow(node, x, w);
  return { strides, pads, dilations, group: integer(node.attributes, 'group', 1) };
}

function biasGradient(g: Builder, dy: Value): Value {
  return reduceSum(g, dy, { axes: dy.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])) });
}

/**
 * The gradient of a convolution's input: the transposed convolution, padded to the size of the input. Where few channels
 * spread over many, a convolution with the turned kernel does the same many times faster.
 */
function inputGradient(
  g: Builder,
  dy: Value,
  w: Value,
  shape: readonly number[],
  options: Required<ConvolutionOptions>,
): Value {
  const { strides, pads, dilations, group } = options;
  const plain = group === 1 && [...strides, ...dilations].every((size) => size === 1);
  const outer = pads.map((size, i) => w.shape[2 + (i % (w.shape.length - 2))] - 1 - size);
  if (plain && w.shape[0] < w.shape[1] && outer.every((size) => size >= 0)) {
    const swapped = transpose(g, w, [1, 0, ...strides.map((_, i) => i + 2)]);
    const turned = strides.reduce((kernel, _, i) => reverse(g, kernel, i + 2), swapped);
    return conv(g, dy, turned, null, { pads: outer });
  }
  const outputPadding = w.shape.slice(2).map((kernel, i) => {
    const covered = (dy.shape[i + 2] - 1) * strides[i] + (kernel - 1) * dilations[i] + 1;
    return shape[i + 2] - covered + pads[i] + pads[i + w.shape.length - 2];
  });
  return convTranspose(g, dy, w, null, { ...options, outputPadding });
}

/** Convolutions over [N, C, ...] with any number of spatial axes; WebGPU has one and two. */
export const convolutionRules = {
  Conv: {
    infer: inferConv,
    gradient: (g, node, dy, wanted) => {
      const [x, w] = [inputOf(node, 0), inputOf(node, 1)];
      const options = optionsOf(node);
      return [
        wanted[0] ? inputGradient(g, dy, w, x.shape, options) : null,
        wanted[1] ? weightGradient(g, x, dy, w.shape, options) : null,
        wanted[2] ? biasGradient(g, dy) : null,
      ];
    },
  },
  ConvTranspose: {
    infer: inferConvTranspose,
    gradient: (g, node, dy, wanted) => {
      const [x, w] = [inputOf(node, 0), inputOf(node, 1)];
      const options = optionsOf(node);
      return [
        wanted[0] ? conv(g, dy, w, null, options) : null,
        wanted[1] ? weightGradient(g, dy, x, w.shape, options) : null,
        wanted[2] ? biasGradient(g, dy) : null,
      ];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

function attributesOf({
  strides,
  pads,
  dilations,
  group,
}: ConvolutionOptions): Record<string, number | readonly number[]> {
  return {
    ...(strides && { strides }),
    ...(pads && { pads }),
    ...(dilations && { dilations }),
    ...(group && { group }),
  };
}

/** Convolution (without turning the kernel): x [N, C, H, W], w [O, C / group, h, w], bias [O] or null. */
export function conv(g: Builder, x: Value, w: Value, bias: Value | null, options: ConvolutionOptions = {}): Value {
  return g.node('Conv', bias ? [x, w, bias] : [x, w], { kernel_shape: w.shape.slice(2), ...attributesOf(options) });
}

/**
 * The transpose of `conv`: x [N, C, H, W], w [C, O / group, h, w], bias [O] or null; `outputPadding` adds rows and columns
 * at the end.
 */
export function convTranspose(
  g: Builder,
  x: Value,
  w: Value,
  bias: Value | null,
  { outputPadding, ...options }: ConvolutionOptions & { outputPadding?: readonly number[] } = {},
): Value {
  const attributes = { ...attributesOf(options), ...(outputPadding && { output_padding: outputPadding }) };
  return g.node('ConvTranspose', bias ? [x, w, bias] : [x, w], { kernel_shape: w.shape.slice(2), ...attributes });
}
