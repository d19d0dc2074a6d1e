import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  float,
  type Inferred,
  inputOf,
  integer,
  integers,
  type OpCall,
  type OpRule,
  required,
  requiredNumbers,
  shapeText,
  text,
} from '../rule.ts';
import { numbers, sameShape } from '../tensor.ts';
import type { Attributes, Node, Value } from '../value.ts';
import { multiplyAlong } from './axis-product.ts';
import { checkSampleMode, gridGradient, imageGradient } from './sample-gradient.ts';
import { resizeMatrix } from './resize-matrix.ts';

function inferGridSample(call: OpCall): Inferred[] {
  const [x, grid] = [required(call, 0), required(call, 1)];
  if (x.shape.length !== 4 || grid.shape.length !== 4 || grid.shape[3] !== 2 || grid.shape[0] !== x.shape[0]) {
    throw new GraphError(
      `GridSample: x ${shapeText(x.shape)} and grid ${shapeText(grid.shape)}, expected [N, C, H, W] and [N, h, w, 2]`,
    );
  }
  return [{ shape: [x.shape[0], x.shape[1], grid.shape[1], grid.shape[2]], dtype: x.dtype }];
}

/** The axes that a Resize node changes, counted from the front. */
function resizedAxes(attributes: Attributes, rank: number): number[] {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  return integers(attributes, 'axes', all).map((axis) => axisOf('Resize', axis, rank));
}

function inferResize(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const axes = resizedAxes(call.attributes, shape.length);
  const sizes = call.inputs[3] ? requiredNumbers(call, 3) : undefined;
  const scales = sizes ? undefined : requiredNumbers(call, 2);
  const given = (sizes ?? scales ?? []).length;
  if (given !== axes.length) {
    throw new GraphError(`Resize: ${given} ${sizes ? 'sizes' : 'scales'}, expected ${axes.length}, one per axis`);
  }
  const shared = sizes && sharedFactor(call.attributes, shape, axes, sizes);
  const result = [...shape];
  axes.forEach((axis, i) => {
    if (shared !== undefined) result[axis] = Math.floor(shape[axis] * shared + 0.5);
    else result[axis] = sizes ? sizes[i] : Math.floor(shape[axis] * (scales?.[i] ?? 1));
  });
  return [{ shape: result, dtype }];
}

/** The one factor of all axes where the aspect is kept: sizes are then bounds. */
function sharedFactor(
  attributes: Attributes,
  shape: readonly number[],
  axes: readonly number[],
  sizes: readonly number[],
): number | undefined {
  const factors = axes.map((axis, i) => sizes[i] / shape[axis]);
  const policy = text(attributes, 'keep_aspect_ratio_policy', 'stretch');
  if (policy === 'not_larger') return Math.min(...factors);
  return policy === 'not_smaller' ? Math.max(...factors) : undefined;
}

const knownCoordinates = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];

/** Resizing is linear along each axis, so its gradient is a product with the transposed matrix of each. */
function resizeGradient(g: Builder, node: Node, dy: Value): Value {
  const x = inputOf(node, 0);
  const { attributes } = node;
  const coordinates = text(attributes, 'coordinate_transformation_mode', 'half_pixel');
  if (!knownCoordinates.includes(coordinates) || integer(attributes, 'exclude_outside', 0) === 1) {
    throw new GraphError(
      `Resize: no gradient for coordinates '${coordinates}' (exclude_outside ${integer(attributes, 'exclude_outside', 0)}), only for ${knownCoordinates.join(', ')} with exclude_outside 0`,
    );
  }
  const scales = node.inputs[3] ? undefined : g.known(inputOf(node, 2));
  const sizes = node.inputs[3] ? g.known(node.inputs[3]) : undefined;
  const axes = resizedAxes(attributes, x.shape.length);
  const shared = sizes && sharedFactor(attributes, x.shape, axes, numbers(sizes));
  /* What keeps its shape ONNX Runtime copies, whatever the scales. */
  if (sameShape(x.shape, dy.shape)) return dy;
  let result = dy;
  axes.forEach((axis, i) => {
    const [from, to] = [x.shape[axis], dy.shape[axis]];
    if (from === to && (!scales || Number(scales.data[i]) === 1)) return;
    const matrix = resizeMatrix(from, to, {
      mode: text(attributes, 'mode', 'nearest'),
      coordinates,
      nearest: text(attributes, 'nearest_mode', 'round_prefer_floor'),
      antialias: integer(attributes, 'antialias', 0) === 1,
      cubic: float(attributes, 'cubic_coeff_a', -0.75),
      scale: scales ? Number(scales.data[i]) : (shared ?? to / from),
    });
    result = multiplyAlong(g, result, axis, matrix, from);
  });
  return result;
}

/** Ops that read images between their pixels. */
export const sampleRules = {
  GridSample: {
    infer: inferGridSample,
    gradient: (g, node, dy, wanted) => {
      checkSampleMode(node);
      return [wanted[0] ? imageGradient(g, node, dy) : null, wanted[1] ? gridGradient(g, node, dy) : null];
    },
  },
  Resize: { infer: inferResize, gradient: (g, node, dy) => [resizeGradient(g, node, dy), null, null, null] },
} satisfies Partial<Record<OpName, OpRule>>;

/** How a grid is read. **Convention**: `alignCorners` false puts ±1 on the outer edges of the image, true on the centres of its corner pixels. */
export interface GridSampleOptions {
  readonly mode?: 'bilinear' | 'nearest' | 'bicubic';
  readonly paddingMode?: 'zeros' | 'border' | 'reflection';
  readonly alignCorners?: boolean;
}

/**
 * Samples x [N, C, H, W] at grid [N, h, w, 2] of (x, y) in unit coordinates; the result is [N, C, h, w].
 * Coordinates must be finite and of moderate size: clamp grids to [-4, 4] first.
 */
export function gridSample(g: Builder, x: Value, grid: Value, options: GridSampleOptions = {}): Value {
  const { mode = 'bilinear', paddingMode = 'zeros', alignCorners = false } = options;
  return g.node('GridSample', [x, grid], { mode, padding_mode: paddingMode, align_corners: alignCorners ? 1 : 0 });
}

/** Target `sizes` or `scales` of `axes` (all by default) and the ONNX choices of `Resize`. */
export interface ResizeOptions {
  readonly sizes?: readonly number[];
  readonly scales?: readonly number[];
  readonly axes?: readonly number[];
  readonly mode?: 'nearest' | 'linear' | 'cubic';
  readonly coordinates?: 'half_pixel' | 'pytorch_half_pixel' | 'align_corners' | 'asymmetric';
  readonly nearest?: 'round_prefer_floor' | 'round_prefer_ceil' | 'floor' | 'ceil';
  readonly antialias?: boolean;
}

/**
 * x at other sizes. **Convention**: 'half_pixel' is `align_corners = false`. WebGPU has no `antialias`; its gradient, a
 * product, runs everywhere.
 */
export function resize(g: Builder, x: Value, options: ResizeOptions): Value {
  const { sizes, scales, axes, mode = 'linear', coordinates = 'half_pixel', nearest, antialias = false } = options;
  const scaleInput = scales ? g.constant([...scales], [scales.length], 'float32') : null;
  const sizeInput = sizes ? g.constant([...sizes], [sizes.length], 'int64') : null;
  return g.node('Resize', sizeInput ? [x, null, null, sizeInput] : [x, null, scaleInput], {
    mode,
    coordinate_transformation_mode: coordinates,
    ...(mode === 'nearest' && { nearest_mode: nearest ?? 'floor' }),
    ...(antialias && { antialias: 1 }),
    ...(axes && { axes }),
  });
}
