import type { OpName } from '../../core/graph/op-name.ts';
import { elementCount } from '../../core/graph/tensor.ts';
import type { Node } from '../../core/graph/value.ts';
import { fill, type Kernel, list, type Numbers, pickExact, stepsOf, take, whole, word } from './interpreter-arrays.ts';

interface Geometry {
  readonly strides: number[];
  readonly dilations: number[];
  /** Padding before each spatial axis. */
  readonly begins: number[];
  readonly ends: number[];
}

/** Where windows lie. `missing` says how much padding automatic modes share out along each axis. */
function geometry(
  node: Node,
  kernel: readonly number[],
  missing: (i: number, step: number, reach: number) => number,
): Geometry {
  const strides = list(
    node,
    'strides',
    kernel.map(() => 1),
  );
  const dilations = list(
    node,
    'dilations',
    kernel.map(() => 1),
  );
  const automatic = word(node, 'auto_pad', 'NOTSET');
  if (!automatic.startsWith('SAME') && !('output_shape' in node.attributes)) {
    const pads = list(
      node,
      'pads',
      [...kernel, ...kernel].map(() => 0),
    );
    return { strides, dilations, begins: pads.slice(0, kernel.length), ends: pads.slice(kernel.length) };
  }
  const totals = kernel.map((size, i) => Math.max(0, missing(i, strides[i], (size - 1) * dilations[i] + 1)));
  const fewer = totals.map((total) => Math.floor(total / 2));
  const more = totals.map((total, i) => total - fewer[i]);
  const upper = automatic === 'SAME_UPPER';
  return { strides, dilations, begins: upper ? fewer : more, ends: upper ? more : fewer };
}

/** Geometry of a window that moves over x to the places of y. */
function over(node: Node, kernel: readonly number[], x: readonly number[], y: readonly number[]): Geometry {
  return geometry(node, kernel, (i, step, reach) => (y[i + 2] - 1) * step + reach - x[i + 2]);
}

/** Calls `visit` with every coordinate of a shape. */
function each(shape: readonly number[], visit: (at: readonly number[]) => void): void {
  fill(shape, (at) => {
    visit(at);
    return 0;
  });
}

const inside = (at: readonly number[], shape: readonly number[]): boolean =>
  at.every((a, i) => a >= 0 && a < shape[i + 2]);

const conv: Kernel = (inputs, node) => {
  const [x, w, bias] = [take(inputs, 0), take(inputs, 1), inputs[2]];
  const [outputs, own, ...kernel] = w.shape;
  const { shape } = node.outputs[0];
  const { strides, dilations, begins } = over(node, kernel, x.shape, shape);
  const perGroup = outputs / whole(node, 'group', 1);
  return [
    fill(shape, ([n, o, ...at]) => {
      let sum = bias?.data[o] ?? 0;
      each([own, ...kernel], ([c, ...k]) => {
        const from = at.map((a, i) => a * strides[i] - begins[i] + k[i] * dilations[i]);
        const channel = Math.floor(o / perGroup) * own + c;
        if (inside(from, x.shape)) sum += pickExact(w, [o, c, ...k]) * pickExact(x, [n, channel, ...from]);
      });
      return sum;
    }),
  ];
};

const convTranspose: Kernel = (inputs, node) => {
  const [x, w, bias] = [take(inputs, 0), take(inputs, 1), inputs[2]];
  const [, own, ...kernel] = w.shape;
  const { shape } = node.outputs[0];
  const extra = list(
    node,
    'output_padding',
    kernel.map(() => 0),
  );
  const { strides, dilations, begins } = geometry(
    node,
    kernel,
    (i, step, reach) => (x.shape[i + 2] - 1) * step + reach + extra[i] - shape[i + 2],
  );
  const perGroup = x.shape[1] / whole(node, 'group', 1);
  const result: Numbers = { shape, data: new Float64Array(elementCount(shape)) };
  const steps = stepsOf(shape);
  each(x.shape, ([n, c, ...at]) => {
    each([own, ...kernel], ([o, ...k]) => {
      const to = at.map((a, i) => a * strides[i] - begins[i] + k[i] * dilations[i]);
      if (!inside(to, shape)) return;
      const place = [n, Math.floor(c / perGroup) * own + o, ...to].reduce((sum, a, i) => sum + a * steps[i], 0);
      result.data[place] += pickExact(x, [n, c, ...at]) * pickExact(w, [c, o, ...k]);
    });
  });
  return [bias ? fill(shape, (at) => pickExact(result, at) + bias.data[at[1]]) : result];
};

const pool =
  (mean: boolean): Kernel =>
  (inputs, node) => {
    const x = take(inputs, 0);
    const kernel = list(node, 'kernel_shape', []);
    const { shape } = node.outputs[0];
    const { strides, dilations, begins, ends } = over(node, kernel, x.shape, shape);
    return [
      fill(shape, ([n, c, ...at]) => {
        const seen: number[] = [];
        let counted = 0;
        each(kernel, (k) => {
          const from = at.map((a, i) => a * strides[i] - begins[i] + k[i] * dilations[i]);
          if (from.every((a, i) => a < x.shape[i + 2] + ends[i])) counted++;
          if (inside(from, x.shape)) seen.push(pickExact(x, [n, c, ...from]));
        });
        const count = whole(node, 'count_include_pad', 0) === 1 ? counted : seen.length;
        return mean ? seen.reduce((a, b) => a + b, 0) / count : Math.max(...seen);
      }),
    ];
  };

/** Ops whose window moves over the spatial axes of [N, C, ...]. */
export const windowKernels = {
  AveragePool: pool(true),
  Conv: conv,
  ConvTranspose: convTranspose,
  GlobalAveragePool: (inputs, node) => {
    const x = take(inputs, 0);
    const spatial = x.shape.slice(2);
    return [
      fill(node.outputs[0].shape, ([n, c]) => {
        let sum = 0;
        each(spatial, (at) => (sum += pickExact(x, [n, c, ...at])));
        return sum / elementCount(spatial);
      }),
    ];
  },
  MaxPool: pool(false),
} satisfies Partial<Record<OpName, Kernel>>;
