import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import {
  type Builder,
  type Inferred,
  inputOf,
  integer,
  type OpCall,
  type OpRule,
  required,
  shapeText,
} from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { mul } from './arithmetic.ts';
import { multiplyAlong } from './axis-product.ts';
import { maxPoolGradient } from './max-pool-gradient.ts';
import { expand } from './movement.ts';
import { repeatedTiles, tilesExactly } from './tiles.ts';
import { checkLastWindow, type Window, windowOf, windowSizes } from './window.ts';

function infer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  const sizes = shape.slice(2);
  if (sizes.length === 0) throw new GraphError(`${call.op}: x is ${shapeText(shape)}, expected [N, C, ...]`);
  const window = windowOf(call, sizes);
  if (call.op === 'AveragePool' && window.dilations.some((step) => step !== 1)) {
    throw new GraphError(
      `AveragePool: dilations ${shapeText(window.dilations)}, expected 1s (other steps came after opset 18)`,
    );
  }
  return [{ shape: [...shape.slice(0, 2), ...windowSizes(call.op, sizes, window)], dtype }];
}

function learnableWindow(node: Node): Window {
  const sizes = inputOf(node, 0).shape.slice(2);
  const window = windowOf(node, sizes);
  checkLastWindow(node.op, sizes, window);
  return window;
}

/** The means along one axis as a matrix, row-major [results, size]: each row holds 1 / count where its window lies. */
function meanMatrix(node: Node, window: Window, i: number, results: number): Float32Array {
  const includePads = integer(node.attributes, 'count_include_pad', 0) === 1;
  const size = inputOf(node, 0).shape[i + 2];
  const end = size + (includePads ? window.pads[i + window.kernel.length] : 0);
  const matrix = new Float32Array(results * size);
  for (let at = 0; at < results; at++) {
    const first = at * window.strides[i] - window.pads[i];
    const from = includePads ? first : Math.max(0, first);
    const to = Math.min(first + window.kernel[i], end);
    matrix.fill(1 / (to - from), at * size + Math.max(0, first), at * size + Math.min(to, size));
  }
  return matrix;
}

/** A mean is a mean along one axis after the other, so its gradient is a product along each; tiles are just repeated. */
function averageGradient(g: Builder, node: Node, dy: Value): Value {
  const { shape } = inputOf(node, 0);
  const window = learnableWindow(node);
  if (tilesExactly(window)) return repeatedTiles(g, mul(g, dy, 1 / elementCount(window.kernel)), window.kernel, shape);
  return window.kernel.reduce((result, _, i) => {
    const matrix = meanMatrix(node, window, i, dy.shape[i + 2]);
    return multiplyAlong(g, result, i + 2, matrix, shape[i + 2]);
  }, dy);
}

/** Pools over [N, C, ...] with any number of spatial axes. */
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
      const x = inputOf(node, 0);
      return [maxPoolGradient(g, x, node.outputs[0], dy, learnableWindow(node))];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** A pool's window; strides are 1 by default. */
export interface PoolOptions {
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
  /** Whether a last window that only partly fits counts too. */
  readonly ceil?: boolean;
}

function pool(op: OpName, more: Record<string, number> = {}): (g: Builder, x: Value, options: PoolOptions) => Value {
  return (g, x, { kernel, strides, pads, ceil = false }) =>
    g.node(op, [x], {
      kernel_shape: kernel,
      ...(strides && { strides }),
      ...(pads && { pads }),
      ...(ceil && { ceil_mode: 1 }),
      ...more,
    });
}

/** Largest element of each window; equal largest elements share the gradient equally. */
export const maxPool = pool('MaxPool');
/** Mean of each window; padding counts as zeros. */
export const averagePool = pool('AveragePool', { count_include_pad: 1 });

/** Mean over all of H and W: [N, C, 1, 1]. */
export function globalAveragePool(g: Builder, x: Value): Value {
  return g.node('GlobalAveragePool', [x]);
}
