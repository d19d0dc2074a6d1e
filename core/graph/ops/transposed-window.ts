import { GraphError } from '../graph-error.ts';
import { integers, shapeText } from '../rule.ts';
import type { Attributes } from '../value.ts';
import { halved, kernelOf, listedPads, paddingOf, type Window } from './window.ts';

/** The window of a ConvTranspose node and the sizes that it spreads spatial `sizes` to. */
export interface TransposedWindow extends Omit<Window, 'ceil'> {
  readonly sizes: readonly number[];
}

/**
 * Pads and output sizes of a ConvTranspose node: the sizes follow from the pads, or the pads from `output_shape` or from
 * automatic padding, which asks for size * stride. **Source**: the ONNX operator specification, ConvTranspose-11.
 * **Throws** GraphError when an attribute does not fit the number of spatial axes.
 */
export function transposedWindow(
  node: { readonly op: string; readonly attributes: Attributes },
  sizes: readonly number[],
  kernel: readonly number[],
): TransposedWindow {
  const parts = kernelOf(node, sizes.length, kernel);
  const padding = paddingOf(node);
  const zeros = sizes.map(() => 0);
  const extra = integers(node.attributes, 'output_padding', zeros);
  const shape = integers(node.attributes, 'output_shape', []).slice(-sizes.length);
  if (extra.length !== sizes.length || (shape.length > 0 && shape.length !== sizes.length)) {
    throw new GraphError(
      `${node.op}: output_padding ${shapeText(extra)}, output_shape ${shapeText(shape)}, expected ${sizes.length} numbers each`,
    );
  }
  if (extra.some((size, i) => size < 0 || size >= parts.strides[i])) {
    throw new GraphError(
      `${node.op}: output_padding ${shapeText(extra)}, expected less than the strides ${shapeText(parts.strides)}`,
    );
  }
  const full = sizes.map(
    (size, i) => (size - 1) * parts.strides[i] + (parts.kernel[i] - 1) * parts.dilations[i] + 1 + extra[i],
  );
  const same = padding === 'SAME_UPPER' || padding === 'SAME_LOWER';
  if (shape.length === 0 && !same) {
    const pads = padding === 'VALID' ? [...zeros, ...zeros] : listedPads(node, sizes.length);
    return { ...parts, pads, sizes: full.map((size, i) => size - pads[i] - pads[i + sizes.length]) };
  }
  const target = shape.length > 0 ? shape : sizes.map((size, i) => size * parts.strides[i]);
  /* Less than a step beyond what the windows reach is left to the bias, as with output_padding. */
  if (target.some((size, i) => size - full[i] >= parts.strides[i])) {
    throw new GraphError(
      `${node.op}: the output would be ${shapeText(target)}, but the windows reach ${shapeText(full)} only; lower output_shape`,
    );
  }
  const totals = full.map((size, i) => Math.max(0, size - target[i]));
  return { ...parts, pads: halved(totals, padding !== 'SAME_UPPER'), sizes: target };
}
