import { GraphError } from '../graph-error.ts';
import { integer, integers, shapeText, text } from '../rule.ts';
import type { Attributes } from '../value.ts';

/** A sliding window over spatial axes; `pads` lists all begins, then all ends. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly ceil: boolean;
}

interface WindowNode {
  readonly op: string;
  readonly attributes: Attributes;
}

/** The kernel, strides and dilations that a Conv, ConvTranspose or pool node's attributes describe, without pads. */
export function kernelOf(
  { op, attributes }: WindowNode,
  rank: number,
  kernel?: readonly number[],
): Pick<Window, 'kernel' | 'strides' | 'dilations'> {
  const size = kernel ?? integers(attributes, 'kernel_shape', []);
  const every = (value: number): number[] => size.map(() => value);
  const strides = integers(attributes, 'strides', every(1));
  const dilations = integers(attributes, 'dilations', every(1));
  for (const [name, list] of Object.entries({ kernel_shape: size, strides, dilations })) {
    if (list.length === rank && list.every((value) => value > 0)) continue;
    throw new GraphError(`${op}: ${name} ${shapeText(list)}, expected ${rank} positive numbers, one per spatial axis`);
  }
  return { kernel: size, strides, dilations };
}

/** How pads are found: as listed, none, or as many as give ceil(size / stride) results. */
export function paddingOf({ op, attributes }: WindowNode): 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER' {
  const automatic = text(attributes, 'auto_pad', 'NOTSET');
  if (automatic === 'NOTSET' || automatic === 'VALID') return automatic;
  if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') return automatic;
  throw new GraphError(`${op}: auto_pad '${automatic}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER`);
}

/** The `pads` attribute, zeros by default. */
export function listedPads({ op, attributes }: WindowNode, rank: number): readonly number[] {
  const pads = integers(
    attributes,
    'pads',
    Array.from({ length: 2 * rank }, () => 0),
  );
  if (pads.length === 2 * rank) return pads;
  throw new GraphError(`${op}: pads ${shapeText(pads)}, expected ${2 * rank} numbers: all begins, then all ends`);
}

/** Begins, then ends, of totals that are halved; the odd one goes to the end, or to the beginning for 'SAME_LOWER'. */
export function halved(totals: readonly number[], lower: boolean): number[] {
  const begins = totals.map((total) => (lower ? Math.ceil(total / 2) : Math.floor(total / 2)));
  return [...begins, ...totals.map((total, i) => total - begins[i])];
}

/**
 * The window of a Conv or pool node over spatial `sizes`, with automatic padding worked out.
 * **Throws** GraphError when an attribute does not fit the number of spatial axes.
 */
export function windowOf(node: WindowNode, sizes: readonly number[], kernel?: readonly number[]): Window {
  const parts = kernelOf(node, sizes.length, kernel);
  const padding = paddingOf(node);
  const ceil = integer(node.attributes, 'ceil_mode', 0) === 1;
  if (padding === 'NOTSET') return { ...parts, pads: listedPads(node, sizes.length), ceil };
  if (padding === 'VALID') return { ...parts, pads: [...sizes, ...sizes].map(() => 0), ceil };
  const totals = sizes.map((size, i) => {
    const last = (Math.ceil(size / parts.strides[i]) - 1) * parts.strides[i];
    return Math.max(0, last + (parts.kernel[i] - 1) * parts.dilations[i] + 1 - size);
  });
  return { ...parts, pads: halved(totals, padding === 'SAME_LOWER'), ceil };
}

/** Output sizes of a window over spatial sizes. **Throws** GraphError where it does not fit. */
export function windowSizes(op: string, sizes: readonly number[], window: Window): number[] {
  return sizes.map((size, i) => {
    const [before, after] = [window.pads[i], window.pads[i + sizes.length]];
    const reach = (window.kernel[i] - 1) * window.dilations[i] + 1;
    const room = size + before + after - reach;
    if (room < 0)
      throw new GraphError(`${op}: a window of ${reach} does not fit into a padded axis of ${room + reach}`);
    const count = (window.ceil ? Math.ceil(room / window.strides[i]) : Math.floor(room / window.strides[i])) + 1;
    /* A window that ceil_mode adds must begin before the padding at the end. */
    return window.ceil && (count - 1) * window.strides[i] >= size + before ? count - 1 : count;
  });
}

/**
 * **Throws** GraphError where `ceil_mode` would add a window that lies wholly in the padding: ONNX Runtime's kernels leave
 * it out, as here, but its shape inference counts it, so a graph that goes on from there does not load.
 */
export function checkLastWindow(op: string, sizes: readonly number[], window: Window): void {
  if (!window.ceil) return;
  sizes.forEach((size, i) => {
    const [before, after] = [window.pads[i], window.pads[i + sizes.length]];
    const room = size + before + after - (window.kernel[i] - 1) * window.dilations[i] - 1;
    if (Math.ceil(room / window.strides[i]) * window.strides[i] < size + before) return;
    throw new GraphError(
      `${op}: no gradient where ceil_mode adds a window beyond the elements of axis ${i + 2}; set ceil_mode to 0, or lower its padding at the end (${after})`,
    );
  });
}
