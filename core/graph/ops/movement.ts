import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  type Inferred,
  inputOf,
  integer,
  integers,
  type OpCall,
  type OpRule,
  required,
  requiredNumbers,
  shapeText,
} from '../rule.ts';
import { type DType, elementCount, sameShape, tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { broadcastShapes, sumToShape } from './broadcast.ts';

/** Passes on the small whole numbers that shapes are computed with. */
function passOn(call: OpCall, shape: readonly number[]): Inferred[] {
  const { dtype } = required(call, 0);
  const numbers = dtype === 'int64' && elementCount(shape) <= 64 ? call.known(0) : undefined;
  return [{ shape, dtype, ...(numbers && { known: tensor(numbers, shape, 'int64') }) }];
}

function inferReshape(call: OpCall): Inferred[] {
  const { shape } = required(call, 0);
  const wanted = requiredNumbers(call, 1);
  const dims = wanted.map((size, axis) => (size === 0 ? (shape[axis] ?? 0) : size));
  const free = dims.indexOf(-1);
  if (free >= 0) dims[free] = elementCount(shape) / Math.max(1, elementCount(dims.toSpliced(free, 1)));
  if (elementCount(dims) !== elementCount(shape) || dims.some((size) => !Number.isInteger(size))) {
    throw new GraphError(`Reshape: ${shapeText(shape)} does not fit into ${shapeText(wanted)}`);
  }
  return passOn(call, dims);
}

function inferTranspose(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const order = integers(call.attributes, 'perm', shape.map((_, axis) => axis).reverse());
  if (order.length !== shape.length || new Set(order).size !== order.length || order.some((axis) => !(axis in shape))) {
    throw new GraphError(`Transpose: ${shapeText(order)} is no permutation of the axes of ${shapeText(shape)}`);
  }
  return [{ shape: order.map((axis) => shape[axis]), dtype }];
}

function inferConcat(call: OpCall): Inferred[] {
  const values = call.inputs.map((_, index) => required(call, index));
  if (values.length === 0) throw new GraphError('Concat: no inputs, expected at least 1');
  const first = values[0];
  const axis = axisOf('Concat', integer(call.attributes, 'axis', 0), first.shape.length);
  const rest = (value: Value): readonly number[] => value.shape.toSpliced(axis, 1);
  const odd = values.findIndex((value) => value.dtype !== first.dtype || !sameShape(rest(value), rest(first)));
  if (odd >= 0) {
    throw new GraphError(
      `Concat: input ${odd} (${values[odd].dtype} ${shapeText(values[odd].shape)}) does not continue input 0 (${first.dtype} ${shapeText(first.shape)}) along axis ${axis}`,
    );
  }
  const total = values.reduce((sum, value) => sum + value.shape[axis], 0);
  const shape = first.shape.with(axis, total);
  const parts = first.dtype === 'int64' && shape.length === 1 && total <= 64 ? values.map((_, i) => call.known(i)) : [];
  const known = parts.length > 0 && parts.every((part) => part !== undefined);
  return [{ shape, dtype: first.dtype, ...(known && { known: tensor(parts.flat(), shape, 'int64') }) }];
}

function axesOf(call: OpCall, rank: number): number[] {
  return requiredNumbers(call, 1).map((axis) => axisOf(call.op, axis, rank));
}

function inferSqueeze(call: OpCall): Inferred[] {
  const { shape } = required(call, 0);
  const axes = call.inputs[1] ? axesOf(call, shape.length) : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  const wrong = axes.find((axis) => shape[axis] !== 1);
  if (wrong !== undefined) throw new GraphError(`Squeeze: axis ${wrong} of ${shapeText(shape)} has not size 1`);
  return passOn(
    call,
    shape.filter((_, axis) => !axes.includes(axis)),
  );
}

function inferUnsqueeze(call: OpCall): Inferred[] {
  const { shape } = required(call, 0);
  const rank = shape.length + requiredNumbers(call, 1).length;
  const axes = axesOf(call, rank);
  const sizes = [...shape];
  return passOn(
    call,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (sizes.shift() ?? 1))),
  );
}

function inferSplit(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const axis = axisOf('Split', integer(call.attributes, 'axis', 0), shape.length);
  const count = integer(call.attributes, 'num_outputs', 2);
  const size = Math.ceil(shape[axis] / count);
  const even = Array.from({ length: count }, (_, i) => Math.min(size, shape[axis] - i * size));
  const sizes = call.inputs[1] ? requiredNumbers(call, 1) : even;
  if (sizes.reduce((sum, part) => sum + part, 0) !== shape[axis]) {
    throw new GraphError(`Split: parts ${shapeText(sizes)} do not add up to axis ${axis} of ${shapeText(shape)}`);
  }
  return sizes.map((part) => ({ shape: shape.with(axis, part), dtype }));
}

const back: OpRule['gradient'] = (g, node, dy) => [reshape(g, dy, inputOf(node, 0).shape), null];

/** Ops that only move, repeat or regroup elements. */
export const movementRules = {
  Concat: {
    infer: inferConcat,
    gradient: (g, node, dy, wanted) => {
      const axis = axisOf('Concat', integer(node.attributes, 'axis', 0), dy.shape.length);
      let start = 0;
      return node.inputs.map((_, index) => {
        const from = start;
        start += inputOf(node, index).shape[axis];
        return wanted[index] ? slice(g, dy, { axes: [axis], starts: [from], ends: [start] }) : null;
      });
    },
  },
  Expand: {
    infer: (call) => {
      const { shape, dtype } = required(call, 0);
      return [{ shape: broadcastShapes('Expand', [shape, requiredNumbers(call, 1)]), dtype }];
    },
    gradient: (g, node, dy) => [sumToShape(g, dy, inputOf(node, 0).shape), null],
  },
  Flatten: {
    infer: (call) => {
      const { shape, dtype } = required(call, 0);
      const found = integer(call.attributes, 'axis', 1);
      const axis = found < 0 ? found + shape.length : found;
      if (axis < 0 || axis > shape.length) {
        throw new GraphError(
          `Flatten: axis ${found} of ${shapeText(shape)}, expected ${-shape.length} to ${shape.length}`,
        );
      }
      return [{ shape: [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))], dtype }];
    },
    gradient: back,
  },
  Reshape: { infer: inferReshape, gradient: back },
  Split: {
    infer: inferSplit,
    gradient: (g, node, dy, _, all) => {
      const parts = node.outputs.map((output, i) => all[i] ?? zerosOf(g, output.shape, dy.dtype));
      return [concat(g, parts, integer(node.attributes, 'axis', 0)), null];
    },
  },
  Squeeze: { infer: inferSqueeze, gradient: back },
  Tile: {
    infer: (call) => {
      const { shape, dtype } = required(call, 0);
      const repeats = requiredNumbers(call, 1);
      if (repeats.length !== shape.length) {
        throw new GraphError(`Tile: ${repeats.length} repeats for ${shapeText(shape)}, expected one for each axis`);
      }
      return [{ shape: shape.map((size, axis) => size * repeats[axis]), dtype }];
    },
    gradient: (g, node, dy) => {
      const { shape } = inputOf(node, 0);
      const grouped = shape.flatMap((size, axis) => [size === 0 ? 0 : dy.shape[axis] / size, size]);
      const axes = shape.map((_, axis) => 2 * axis);
      const list = g.constant(axes, [axes.length], 'int64');
      return [g.node('ReduceSum', [reshape(g, dy, grouped), list], { keepdims: 0 }), null];
    },
  },
  Transpose: {
    infer: inferTranspose,
    gradient: (g, node, dy) => {
      const order = integers(node.attributes, 'perm', dy.shape.map((_, axis) => axis).reverse());
      return [
        transpose(
          g,
          dy,
          order.map((_, axis) => order.indexOf(axis)),
        ),
      ];
    },
  },
  Unsqueeze: { infer: inferUnsqueeze, gradient: back },
} satisfies Partial<Record<OpName, OpRule>>;

function list(g: Builder, numbers: readonly number[]): Value {
  return g.constant([...numbers], [numbers.length], 'int64');
}

/**
 * The same elements in another shape: 0 keeps an axis, -1 takes what is left. Both are kept as they are in the model, so
 * that axes may have another size at run time.
 */
export function reshape(g: Builder, x: Value, shape: readonly number[]): Value {
  return sameShape(x.shape, shape) ? x : g.node('Reshape', [x, list(g, shape)]);
}

/** Axes in another order: axis i of the result is axis `permutation[i]` of x. */
export function transpose(g: Builder, x: Value, permutation: readonly number[]): Value {
  return permutation.every((axis, i) => axis === i) ? x : g.node('Transpose', [x], { perm: permutation });
}

/** Values one after the other along an axis. */
export function concat(g: Builder, values: readonly Value[], axis: number): Value {
  return values.length === 1 ? values[0] : g.node('Concat', values, { axis });
}

/** x repeated along axes of size 1 (and new leading axes) up to `shape`; 1 keeps an axis as it is. */
export function expand(g: Builder, x: Value, shape: readonly number[] | Value): Value {
  if (!isShape(shape)) return g.node('Expand', [x, shape]);
  return sameShape(x.shape, shape) ? x : g.node('Expand', [x, list(g, shape)]);
}

/** Zeros of a shape, made at run time rather than kept in the file. */
export function zerosOf(g: Builder, shape: readonly number[], dtype: DType): Value {
  return expand(g, g.constant(0, [], dtype), shape);
}

/** x repeated `repeats[axis]` times along each axis. */
export function tile(g: Builder, x: Value, repeats: readonly number[]): Value {
  return g.node('Tile', [x, list(g, repeats)]);
}

/** x without the given axes of size 1. */
export function squeeze(g: Builder, x: Value, axes: readonly number[]): Value {
  return g.node('Squeeze', [x, list(g, axes)]);
}

/** x with new axes of size 1 at the given places of the result. */
export function unsqueeze(g: Builder, x: Value, axes: readonly number[]): Value {
  return g.node('Unsqueeze', [x, list(g, axes)]);
}

/** The axes before `axis` as one, the others as one. */
export function flatten(g: Builder, x: Value, axis = 1): Value {
  return g.node('Flatten', [x], { axis });
}

/** x cut along an axis into parts of the given sizes. */
export function split(g: Builder, x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  return g.nodes('Split', [x, list(g, sizes)], { axis });
}

/** Ranges of a slice; `ends` beyond the axis mean its end, negative numbers count from it. */
export interface Range {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes?: readonly number[];
  readonly steps?: readonly number[];
}

/**
 * A range of x along some axes (the first ones by default). A range that runs backward from within is cut out first and
 * turned round then: with a negative step the WebGPU provider always begins at the last element.
 */
export function slice(g: Builder, x: Value, { starts, ends, axes, steps }: Range): Value {
  const along = axes ?? starts.map((_, axis) => axis);
  const by = steps ?? along.map(() => 1);
  const node = (of: Value, from: readonly number[], to: readonly number[], step: readonly number[]): Value =>
    g.node('Slice', [of, list(g, from), list(g, to), list(g, along), list(g, step)]);
  const sizes = along.map((axis) => x.shape.at(axis) ?? 0);
  const first = starts.map((start, i) => (start < 0 ? Math.max(start + sizes[i], 0) : start));
  const within = by.map((step, i) => step < 0 && first[i] < sizes[i] - 1);
  if (!within.includes(true)) return node(x, starts, ends, by);
  const cut = node(
    x,
    along.map(() => 0),
    first.map((start, i) => (within[i] ? start + 1 : Number.MAX_SAFE_INTEGER)),
    by.map(() => 1),
  );
  const bounds = ends.map((end, i) => (within[i] && end < 0 && end >= -sizes[i] ? end + sizes[i] : end));
  return node(
    cut,
    starts.map((start, i) => (within[i] ? -1 : start)),
    bounds,
    by,
  );
}

function isShape(of: readonly number[] | Value): of is readonly number[] {
  return Array.isArray(of);
}
