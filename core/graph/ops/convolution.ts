import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  type Builder,
  type Inferred,
  integer,
  integers,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import type { Value } from '../value.ts';
import { windowOf, windowSizes } from './window.ts';

function inferConv(call: OpCall): Inferred[] {
  const [x, w, bias] = [required(call, 0), required(call, 1), call.inputs[2]];
  const group = integer(call.attributes, 'group', 1);
  if (x.shape.length !== w.shape.length || x.shape[1] !== w.shape[1] * group || w.shape[0] % group !== 0) {
    throw new GraphError(`Conv: x ${shapeText(x.shape)} does not fit weights ${shapeText(w.shape)} in ${group} groups`);
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== w.shape[0])) {
    throw new GraphError(`Conv: bias ${shapeText(bias.shape)}, expected [${w.shape[0]}]`);
  }
  const sizes = windowSizes('Conv', x.shape.slice(2), windowOf(call, w.shape.slice(2)));
  return [{ shape: [x.shape[0], w.shape[0], ...sizes], dtype: x.dtype }];
}

function inferConvTranspose(call: OpCall): Inferred[] {
  const [x, w] = [required(call, 0), required(call, 1)];
  const group = integer(call.attributes, 'group', 1);
  if (x.shape.length !== w.shape.length || x.shape[1] !== w.shape[0]) {
    throw new GraphError(`ConvTranspose: x ${shapeText(x.shape)} does not fit weights ${shapeText(w.shape)}`);
  }
  const { kernel, strides, pads, dilations } = windowOf(call, w.shape.slice(2));
  const extra = integers(
    call.attributes,
    'output_padding',
    kernel.map(() => 0),
  );
  const sizes = kernel.map(
    (size, i) =>
      (x.shape[i + 2] - 1) * strides[i] + (size - 1) * dilations[i] + 1 + extra[i] - pads[i] - pads[i + kernel.length],
  );
  return [{ shape: [x.shape[0], w.shape[1] * group, ...sizes], dtype: x.dtype }];
}

/** Convolutions over [N, C, H, W]. */
export const convolutionRules = {
  Conv: { infer: inferConv, gradient: { none: 'pending' } },
  ConvTranspose: { infer: inferConvTranspose, gradient: { none: 'pending' } },
} satisfies Partial<Record<OpName, OpRule>>;

/** Where a convolution's window goes: `pads` lists all begins, then all ends. */
export interface ConvolutionOptions {
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
  readonly dilations?: readonly number[];
  readonly group?: number;
}

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

/** The transpose of `conv`: x [N, O, H, W], w [O, C / group, h, w]; `outputPadding` adds rows and columns at the end. */
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
