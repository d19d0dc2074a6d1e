import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  axisOf,
  type Builder,
  type Inferred,
  inputOf,
  type OpCall,
  type OpRule,
  required,
  requiredNumbers,
  shapeText,
} from '../rule.ts';
import { tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { reshape, slice, zerosOf } from './movement.ts';
import { pad } from './padding.ts';

/** One axis of a slice with its bounds resolved: `count` elements from `start` on, `step` apart. */
interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function cuts(shape: readonly number[], starts: number[], ends: number[], axes?: number[], steps?: number[]): Cut[] {
  const lengths = [ends, axes, steps].map((list) => list?.length ?? starts.length);
  if (lengths.some((length) => length !== starts.length)) {
    throw new GraphError(
      `Slice: ${starts.length} starts with ${lengths.join(', ')} ends, axes and steps, expected as many`,
    );
  }
  return starts.map((from, i) => {
    const axis = axisOf('Slice', axes?.[i] ?? i, shape.length);
    const size = shape[axis];
    const step = steps?.[i] ?? 1;
    if (step === 0) throw new GraphError(`Slice: the step along axis ${axis} is 0, expected any other whole number`);
    const bound = (at: number, low: number, high: number): number =>
      Math.min(Math.max(at < 0 ? at + size : at, low), high);
    const start = step > 0 ? bound(from, 0, size) : bound(from, 0, size - 1);
    const end = step > 0 ? bound(ends[i], 0, size) : ends[i] < -size ? -1 : bound(ends[i], -1, size - 1);
    return { axis, start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

function infer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const optional = (index: number): number[] | undefined =>
    call.inputs[index] ? requiredNumbers(call, index) : undefined;
  const found = cuts(shape, requiredNumbers(call, 1), requiredNumbers(call, 2), optional(3), optional(4));
  const axes = found.map(({ axis }) => axis);
  if (new Set(axes).size < axes.length) throw new GraphError(`Slice: axes ${shapeText(axes)} name an axis twice`);
  const sizes = [...shape];
  for (const { axis, count } of found) sizes[axis] = count;
  const numbers = dtype === 'int64' && shape.length === 1 ? call.known(0) : undefined;
  const [only] = found.length === 1 ? found : [{ start: 0, step: 1 }];
  const part = numbers && Array.from({ length: sizes[0] }, (_, i) => numbers[only.start + i * only.step]);
  return [{ shape: sizes, dtype, ...(part && { known: tensor(part, sizes, 'int64') }) }];
}

/** dy of a slice along one axis, back in its place among zeros. */
function uncut(g: Builder, dy: Value, { axis, start, step, count }: Cut, size: number): Value {
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

/** Ranges with any step. The gradient is made of Pad, Reshape and Slice: nothing is scattered. */
export const sliceRules = {
  Slice: {
    infer,
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

/** x turned round along an axis. */
export function reverse(g: Builder, x: Value, axis: number): Value {
  const size = x.shape.at(axis) ?? 0;
  return slice(g, x, { axes: [axis], starts: [-1], ends: [-size - 1], steps: [-1] });
}
