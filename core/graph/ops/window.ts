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

/** The window that a Conv or pool node's attributes describe. **Throws** GraphError for auto_pad other than NOTSET, VALID. */
export function windowOf(
  { op, attributes }: { op: string; attributes: Attributes },
  kernel?: readonly number[],
): Window {
  const size = kernel ?? integers(attributes, 'kernel_shape', []);
  if (size.length === 0) throw new GraphError(`${op}: kernel_shape is missing`);
  const automatic = text(attributes, 'auto_pad', 'NOTSET');
  if (automatic !== 'NOTSET' && automatic !== 'VALID') throw new GraphError(`${op}: auto_pad ${automatic} is unknown`);
  const every = (value: number): number[] => size.map(() => value);
  const window = {
    kernel: size,
    strides: integers(attributes, 'strides', every(1)),
    pads: integers(attributes, 'pads', [...every(0), ...every(0)]),
    dilations: integers(attributes, 'dilations', every(1)),
    ceil: integer(attributes, 'ceil_mode', 0) === 1,
  };
  if (window.strides.length !== size.length || window.pads.length !== 2 * size.length) {
    throw new GraphError(
      `${op}: strides ${shapeText(window.strides)}, pads ${shapeText(window.pads)} for ${size.length} axes`,
    );
  }
  return window;
}

/** Output sizes of a window over spatial sizes. */
export function windowSizes(op: string, sizes: readonly number[], window: Window): number[] {
  return sizes.map((size, i) => {
    const reach = (window.kernel[i] - 1) * window.dilations[i] + 1;
    const room = size + window.pads[i] + window.pads[i + sizes.length] - reach;
    if (room < 0)
      throw new GraphError(`${op}: a window of ${reach} does not fit into a padded axis of ${room + reach}`);
    return (window.ceil ? Math.ceil(room / window.strides[i]) : Math.floor(room / window.strides[i])) + 1;
  });
}
