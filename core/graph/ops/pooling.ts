import type { OpName } from '../op-name.ts';
import { type Builder, type Inferred, inputOf, integer, type OpCall, type OpRule, required } from '../rule.ts';
import { elementCount, sameShape } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { add, mul } from './arithmetic.ts';
import { cast, equal } from './compare.ts';
import { convTranspose } from './convolution.ts';
import { pad, uncut } from './indexing.ts';
import { expand, slice } from './movement.ts';
import { type Window, windowOf, windowSizes } from './window.ts';

function infer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  return [{ shape: [...shape.slice(0, 2), ...windowSizes(call.op, shape.slice(2), windowOf(call))], dtype }];
}

function tiles({ kernel, strides, pads, dilations, ceil }: Window): boolean {
  return (
    sameShape(kernel, strides) && !ceil && pads.every((size) => size === 0) && dilations.every((step) => step === 1)
  );
}

/** Each element of y repeated over its window, then zeros up to `shape`. */
function repeated(g: Builder, y: Value, kernel: readonly number[], shape: readonly number[]): Value {
  const large = g.node('Resize', [y, null, g.constant(Float32Array.from(kernel))], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
    axes: kernel.map((_, i) => i + 2),
  });
  const rest = shape.map((size, axis) => size - large.shape[axis]);
  return rest.some((size) => size > 0) ? pad(g, large, { pads: [...rest.map(() => 0), ...rest] }) : large;
}

/** Tied elements each get the whole gradient: exact ties come from zeros behind a relu, where the gradient dies anyway. */
function tiledMaxGradient(g: Builder, x: Value, y: Value, dy: Value, kernel: readonly number[]): Value {
  const largest = repeated(g, y, kernel, x.shape);
  return mul(g, cast(g, equal(g, x, largest), dy.dtype), repeated(g, dy, kernel, x.shape));
}

/** Any window: for each kernel offset, dy where that element is the largest, back in its place. */
function maxGradient(g: Builder, x: Value, y: Value, dy: Value, { kernel, strides, pads, dilations }: Window): Value {
  const rank = kernel.length;
  const counts = y.shape.slice(2);
  const reach = counts.map((count, i) => (count - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1);
  const begins = [0, 0, ...pads.slice(0, rank)];
  const ends = [0, 0, ...reach.map((size, i) => Math.max(0, size - x.shape[i + 2] - pads[i]))];
  const wide = pad(g, x, { pads: [...begins, ...ends], value: -3.4e38 });
  let total: Value | undefined;
  for (let place = 0; place < elementCount(kernel); place++) {
    let rest = place;
    const offset = kernel.map(() => 0);
    for (let i = rank - 1; i >= 0; rest = Math.floor(rest / kernel[i--])) offset[i] = (rest % kernel[i]) * dilations[i];
    const runs = counts.map((count, i) => ({ axis: i + 2, start: offset[i], step: strides[i], count }));
    const seen = slice(g, wide, {
      axes: runs.map(({ axis }) => axis),
      starts: offset,
      ends: runs.map(({ start, step, count }) => start + (count - 1) * step + 1),
      steps: strides,
    });
    let part = mul(g, cast(g, equal(g, seen, y), dy.dtype), dy);
    for (const run of runs) part = uncut(g, part, run, wide.shape[run.axis]);
    total = total ? add(g, total, part) : part;
  }
  return slice(g, total ?? wide, {
    axes: x.shape.map((_, axis) => axis),
    starts: begins,
    ends: x.shape.map((size, axis) => begins[axis] + size),
  });
}

/** How many elements each window of an average counts, [1, 1, ...]. */
function windowCounts(node: Node, window: Window): number[] {
  const includePads = integer(node.attributes, 'count_include_pad', 0) === 1;
  const sizes = inputOf(node, 0).shape.slice(2);
  const rank = sizes.length;
  const along = node.outputs[0].shape.slice(2).map((count, i) =>
    Array.from({ length: count }, (_, at) => {
      const low = includePads ? -window.pads[i] : 0;
      const high = includePads ? sizes[i] + window.pads[i + rank] : sizes[i];
      const first = at * window.strides[i] - window.pads[i];
      return Array.from({ length: window.kernel[i] }, (__, k) => first + k * window.dilations[i]).filter(
        (p) => p >= low && p < high,
      ).length;
    }),
  );
  return along.reduce((outer, inner) => outer.flatMap((a) => inner.map((b) => a * b)), [1]);
}

function averageGradient(g: Builder, node: Node, dy: Value): Value {
  const x = inputOf(node, 0);
  const window = windowOf(node);
  if (tiles(window)) return repeated(g, mul(g, dy, 1 / elementCount(window.kernel)), window.kernel, x.shape);
  const counts = windowCounts(node, window);
  const share = g.constant(
    counts.map((count) => 1 / count),
    [1, 1, ...dy.shape.slice(2)],
    dy.dtype,
  );
  const channels = x.shape[1];
  const ones = g.constant(
    new Float32Array(channels * elementCount(window.kernel)).fill(1),
    [channels, 1, ...window.kernel],
    dy.dtype,
  );
  const rank = window.kernel.length;
  const reach = window.kernel.map(
    (size, i) => (dy.shape[i + 2] - 1) * window.strides[i] + (size - 1) * window.dilations[i] + 1,
  );
  const { strides, dilations } = window;
  const spread = convTranspose(g, mul(g, dy, share), ones, null, { strides, dilations, group: channels });
  const begins = [0, 0, ...window.pads.slice(0, rank)];
  const ends = [0, 0, ...reach.map((size, i) => size - begins[i + 2] - x.shape[i + 2])];
  return pad(g, spread, { pads: [...begins.map((size) => -size), ...ends.map((size) => -size)] });
}

/** Pools over [N, C, H, W]. */
export const poolingRules = {
  AveragePool: { infer, gradient: (g, node, dy) => [averageGradient(g, node, dy)] },
  GlobalAveragePool: {
    infer: (call) => {
      const { shape, dtype } = required(call, 0);
      return [{ shape: shape.map((size, axis) => (axis < 2 ? size : 1)), dtype }];
    },
    gradient: (g, node, dy) => {
      const { shape } = inputOf(node, 0);
      return [expand(g, mul(g, dy, 1 / elementCount(shape.slice(2))), shape)];
    },
  },
  MaxPool: {
    infer,
    gradient: (g, node, dy) => {
      const [x, y, window] = [inputOf(node, 0), node.outputs[0], windowOf(node)];
      return [tiles(window) ? tiledMaxGradient(g, x, y, dy, window.kernel) : maxGradient(g, x, y, dy, window)];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** A pool's window; strides are 1 by default. */
export interface PoolOptions {
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
}

function pool(op: OpName, more: Record<string, number> = {}): (g: Builder, x: Value, options: PoolOptions) => Value {
  return (g, x, { kernel, strides, pads }) =>
    g.node(op, [x], { kernel_shape: kernel, ...(strides && { strides }), ...(pads && { pads }), ...more });
}

/** Largest element of each window. */
export const maxPool = pool('MaxPool');
/** Mean of each window; padding counts as zeros. */
export const averagePool = pool('AveragePool', { count_include_pad: 1 });

/** Mean over all of H and W: [N, C, 1, 1]. */
export function globalAveragePool(g: Builder, x: Value): Value {
  return g.node('GlobalAveragePool', [x]);
}
