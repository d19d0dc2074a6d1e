import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  requiredNumbers,
  shapeText,
  text,
} from '../rule.ts';
import { elementCount, sameShape, tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { type Operand, operand } from './broadcast.ts';
import { expand, reshape, slice } from './movement.ts';

/** One axis of a slice with its bounds resolved: `count` elements from `start` on, `step` apart. */
export interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function cuts(shape: readonly number[], starts: number[], ends: number[], axes?: number[], steps?: number[]): Cut[] {
  return starts.map((from, i) => {
    const axis = axisOf('Slice', axes?.[i] ?? i, shape.length);
    const size = shape[axis];
    const step = steps?.[i] ?? 1;
    const bound = (at: number, low: number, high: number): number =>
      Math.min(Math.max(at < 0 ? at + size : at, low), high);
    const start = step > 0 ? bound(from, 0, size) : bound(from, 0, size - 1);
    const end = step > 0 ? bound(ends[i], 0, size) : ends[i] < -size ? -1 : bound(ends[i], -1, size - 1);
    return { axis, start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

function inferSlice(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const optional = (index: number): number[] | undefined =>
    call.inputs[index] ? requiredNumbers(call, index) : undefined;
  const found = cuts(shape, requiredNumbers(call, 1), requiredNumbers(call, 2), optional(3), optional(4));
  const sizes = [...shape];
  for (const { axis, count } of found) sizes[axis] = count;
  const numbers = dtype === 'int64' && shape.length === 1 ? call.known(0) : undefined;
  const part = numbers && Array.from({ length: sizes[0] }, (_, i) => numbers[found[0].start + i * found[0].step]);
  return [{ shape: sizes, dtype, ...(part && { known: tensor(part, sizes, 'int64') }) }];
}

/** dy of a slice along one axis, back in its place among zeros. */
export function uncut(g: Builder, dy: Value, { axis, start, step, count }: Cut, size: number): Value {
  const shape = dy.shape;
  const turned =
    step < 0 && count > 1 ? slice(g, dy, { axes: [axis], starts: [-1], ends: [-count - 1], steps: [-1] }) : dy;
  const first = step < 0 ? start + (count - 1) * step : start;
  const stride = Math.abs(step);
  let spread = turned;
  if (stride > 1) {
    const apart = padded(
      g,
      reshape(g, turned, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]),
      axis + 1,
      0,
      stride - 1,
    );
    const joined = reshape(g, apart, shape.with(axis, count * stride));
    spread = slice(g, joined, { axes: [axis], starts: [0], ends: [(count - 1) * stride + 1] });
  }
  return padded(g, spread, axis, first, size - first - spread.shape[axis]);
}

function padded(g: Builder, x: Value, axis: number, before: number, after: number): Value {
  if (before === 0 && after === 0) return x;
  const pads = Array.from({ length: 2 * x.shape.length }, () => 0);
  pads[axis] = before;
  pads[axis + x.shape.length] = after;
  return pad(g, x, { pads });
}

function inferPad(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const pads = requiredNumbers(call, 1);
  const axes = call.inputs[3] ? requiredNumbers(call, 3) : shape.map((_, axis) => axis);
  if (pads.length !== 2 * axes.length) {
    throw new GraphError(`Pad: ${pads.length} pads for ${axes.length} axes, expected all begins, then all ends`);
  }
  const sizes = [...shape];
  axes.forEach((axis, i) => (sizes[axisOf('Pad', axis, shape.length)] += pads[i] + pads[i + axes.length]));
  return [{ shape: sizes, dtype }];
}

function inferGather(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices] = [required(call, 0), required(call, 1)];
  const axis = axisOf('Gather', integer(call.attributes, 'axis', 0), shape.length);
  const result = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  const [numbers, at] = dtype === 'int64' && shape.length === 1 ? [call.known(0), call.known(1)] : [];
  const part = numbers && at?.map((i) => numbers[i < 0 ? i + numbers.length : i]);
  return [{ shape: result, dtype, ...(part && { known: tensor(part, result, 'int64') }) }];
}

function inferGatherElements(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices] = [required(call, 0), required(call, 1)];
  if (indices.shape.length !== shape.length) {
    throw new GraphError(
      `GatherElements: indices ${shapeText(indices.shape)} and data ${shapeText(shape)} differ in rank`,
    );
  }
  return [{ shape: indices.shape, dtype }];
}

function inferScatter(call: OpCall): Inferred[] {
  const [{ shape, dtype }, indices, updates] = [required(call, 0), required(call, 1), required(call, 2)];
  if (!sameShape(indices.shape, updates.shape) || updates.dtype !== dtype) {
    throw new GraphError(
      `ScatterElements: indices ${shapeText(indices.shape)}, updates ${updates.dtype} ${shapeText(updates.shape)}`,
    );
  }
  return [{ shape, dtype }];
}

const zerosOf = (g: Builder, shape: readonly number[], dtype: Value['dtype']): Value =>
  expand(g, g.constant(0, [], dtype), shape);

/** Ops that pick, cut, pad or scatter by position. */
export const indexRules = {
  Gather: {
    infer: inferGather,
    gradient: (g, node, dy) => {
      const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
      const axis = axisOf('Gather', integer(node.attributes, 'axis', 0), x.shape.length);
      const flat = x.shape.with(axis, elementCount(indices.shape));
      const column = reshape(
        g,
        indices,
        flat.map((size, i) => (i === axis ? size : 1)),
      );
      return [
        scatterElements(g, zerosOf(g, x.shape, dy.dtype), expand(g, column, flat), reshape(g, dy, flat), axis, 'add'),
        null,
      ];
    },
  },
  GatherElements: {
    infer: inferGatherElements,
    gradient: (g, node, dy) => {
      const [x, indices] = [inputOf(node, 0), inputOf(node, 1)];
      return [
        scatterElements(g, zerosOf(g, x.shape, dy.dtype), indices, dy, integer(node.attributes, 'axis', 0), 'add'),
        null,
      ];
    },
  },
  Pad: {
    infer: inferPad,
    gradient: (g, node, dy) => {
      const mode = text(node.attributes, 'mode', 'constant');
      if (mode !== 'constant') throw new GraphError(`Pad: mode '${mode}' is not differentiable, only 'constant' is`);
      const { shape } = inputOf(node, 0);
      const [pads, listed] = [g.known(inputOf(node, 1)), node.inputs[3] ? g.known(node.inputs[3]) : undefined];
      const begins = Array.from(pads?.data ?? [], Number);
      const axes = listed ? Array.from(listed.data, Number) : shape.map((_, axis) => axis);
      if (begins.some((size) => size < 0))
        return [pad(g, dy, { pads: begins.map((size) => -size), axes }), null, null, null];
      const starts = axes.map((_, i) => begins[i]);
      return [
        slice(g, dy, {
          starts,
          ends: axes.map((axis, i) => starts[i] + shape[axisOf('Pad', axis, shape.length)]),
          axes,
        }),
        null,
        null,
        null,
      ];
    },
  },
  ScatterElements: {
    infer: inferScatter,
    gradient: (g, node, dy, wanted) => {
      const [indices, updates] = [inputOf(node, 1), inputOf(node, 2)];
      const axis = integer(node.attributes, 'axis', 0);
      const adds = text(node.attributes, 'reduction', 'none') === 'add';
      const kept = (): Value =>
        adds ? dy : scatterElements(g, dy, indices, zerosOf(g, updates.shape, dy.dtype), axis);
      return [wanted[0] ? kept() : null, null, wanted[2] ? gatherElements(g, dy, indices, axis) : null];
    },
  },
  Slice: {
    infer: inferSlice,
    gradient: (g, node, dy) => {
      const { shape } = inputOf(node, 0);
      const [starts, ends, axes, steps] = [1, 2, 3, 4].map((i) => {
        const found = node.inputs[i] ? g.known(node.inputs[i]) : undefined;
        return found && Array.from(found.data, Number);
      });
      const all = cuts(shape, starts ?? [], ends ?? [], axes, steps);
      if (all.some(({ count }) => count === 0)) return [zerosOf(g, shape, dy.dtype)];
      const simple = all.filter(({ step }) => step === 1);
      let result = dy;
      for (const cut of all) if (cut.step !== 1) result = uncut(g, result, cut, shape[cut.axis]);
      const pads = Array.from({ length: 2 * shape.length }, () => 0);
      for (const { axis, start, count } of simple) {
        pads[axis] = start;
        pads[axis + shape.length] = shape[axis] - start - count;
      }
      return [pads.some((size) => size > 0) ? pad(g, result, { pads }) : result];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** How a pad fills: `pads` lists all begins, then all ends, of `axes` (all by default). */
export interface Padding {
  readonly pads: readonly number[];
  readonly axes?: readonly number[];
  readonly mode?: 'constant' | 'edge' | 'reflect';
  readonly value?: Operand;
}

/** x with more elements at the ends of its axes (fewer where a pad is negative); differentiable for `constant`. */
export function pad(g: Builder, x: Value, { pads, axes, mode = 'constant', value }: Padding): Value {
  const list = (of: readonly number[]): Value => g.constant([...of], [of.length], 'int64');
  const fill = value === undefined ? null : operand(g, value, x);
  return g.node('Pad', [x, list(pads), fill, axes ? list(axes) : null], { mode });
}

/** The elements of x at `indices` (int64) along an axis, which is replaced by the axes of the indices. */
export function gather(g: Builder, x: Value, indices: Value | readonly number[] | number, axis: number): Value {
  const at = typeof indices === 'number' ? g.constant(indices, [], 'int64') : indices;
  return g.node('Gather', [x, isList(at) ? g.constant([...at], [at.length], 'int64') : at], { axis });
}

/** result[i, j] = x[indices[i, j], j] along axis 0, and so on; indices have the rank of x. */
export function gatherElements(g: Builder, x: Value, indices: Value, axis: number): Value {
  return g.node('GatherElements', [x, indices], { axis });
}

/** x with `updates` written or added at `indices` along an axis: the reverse of `gatherElements`. */
export function scatterElements(
  g: Builder,
  x: Value,
  indices: Value,
  updates: Value,
  axis: number,
  reduction: 'none' | 'add' = 'none',
): Value {
  return g.node('ScatterElements', [x, indices, updates], { axis, reduction });
}

/** x turned round along an axis. */
export function reverse(g: Builder, x: Value, axis: number): Value {
  const size = x.shape.at(axis) ?? 0;
  return slice(g, x, { axes: [axis], starts: [-1], ends: [-size - 1], steps: [-1] });
}

function isList(of: Value | readonly number[]): of is readonly number[] {
  return Array.isArray(of);
}
