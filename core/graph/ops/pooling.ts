import type { OpName } from '../op-name.ts';
import { type Builder, type Inferred, type OpCall, type OpRule, required } from '../rule.ts';
import type { Value } from '../value.ts';
import { windowOf, windowSizes } from './window.ts';

function infer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  return [{ shape: [...shape.slice(0, 2), ...windowSizes(call.op, shape.slice(2), windowOf(call))], dtype }];
}

/** Pools over [N, C, H, W]. */
export const poolingRules = {
  AveragePool: { infer, gradient: { none: 'pending' } },
  GlobalAveragePool: {
    infer: (call) => {
      const { shape, dtype } = required(call, 0);
      return [{ shape: shape.map((size, axis) => (axis < 2 ? size : 1)), dtype }];
    },
    gradient: { none: 'pending' },
  },
  MaxPool: { infer, gradient: { none: 'pending' } },
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
