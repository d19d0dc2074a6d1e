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
} from '../rule.ts';
import { elementCount } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import { add, div, mul, sub } from './arithmetic.ts';
import { cast, equal, less } from './compare.ts';
import { exp } from './elementwise.ts';
import { expand, reshape } from './movement.ts';

/** Which axes a reduction removes (all by default) and whether they stay as size 1 (they do not by default). */
export interface Reduction {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

function reduced(op: string, shape: readonly number[], listed: readonly number[]): number[] {
  const axes = new Set(listed.map((axis) => axisOf(op, axis, shape.length)));
  return shape.map((size, axis) => (listed.length === 0 || axes.has(axis) ? 1 : size));
}

function infer(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  if (dtype === 'bool') throw new GraphError(`${call.op}: input 0 is bool, expected numbers; cast it first`);
  const listed = call.inputs[1] ? requiredNumbers(call, 1) : [];
  if (listed.length === 0 && integer(call.attributes, 'noop_with_empty_axes', 0) === 1) return [{ shape, dtype }];
  const kept = reduced(call.op, shape, listed);
  if (integer(call.attributes, 'keepdims', 1) === 1) return [{ shape: kept, dtype }];
  const axes = new Set(listed.map((axis) => axisOf(call.op, axis, shape.length)));
  return [{ shape: shape.filter((_, axis) => listed.length > 0 && !axes.has(axis)), dtype }];
}

/** Without axes all are reduced, unless the node says that none then are. */
function reducesNothing(g: Builder, node: Node): boolean {
  const axes = node.inputs[1] ? g.known(node.inputs[1]) : undefined;
  return !axes?.data.length && integer(node.attributes, 'noop_with_empty_axes', 0) === 1;
}

/** The rule of a reduction from its gradient toward x, given dy with the reduced axes kept as size 1. */
function reductionRule(gradient: (g: Builder, node: Node, dy: Value) => Value): OpRule {
  return {
    infer,
    gradient: (g, node, dy) => [reducesNothing(g, node) ? dy : gradient(g, node, kept(g, node, dy)), null],
  };
}

function sumOver(g: Builder, node: Node, of: Value): Value {
  return g.node('ReduceSum', [of, node.inputs[1] ?? null], { keepdims: 1 });
}

function keptShape(g: Builder, node: Node): number[] {
  const axes = node.inputs[1] ? g.known(node.inputs[1]) : undefined;
  return reduced(node.op, inputOf(node, 0).shape, axes ? Array.from(axes.data, Number) : []);
}

function kept(g: Builder, node: Node, of: Value): Value {
  return reshape(g, of, keptShape(g, node));
}

const extremum = reductionRule((g, node, dy) => {
  const winners = cast(g, equal(g, inputOf(node, 0), kept(g, node, node.outputs[0])), dy.dtype);
  return mul(g, winners, div(g, dy, sumOver(g, node, winners)));
});

/**
 * Toward each factor: the product of all others. Dividing the product by the factor fails at zeros, so zeros are counted:
 * without any the others' product is total / x; a single zero alone sees the product of the rest; beyond that all is 0.
 */
function productGradient(g: Builder, node: Node, dy: Value): Value {
  const x = inputOf(node, 0);
  const zero = cast(g, equal(g, x, 0), x.dtype);
  const filled = add(g, x, zero);
  const total = g.node('ReduceProd', [filled, node.inputs[1] ?? null], { keepdims: 1 });
  const otherZeros = sub(g, sumOver(g, node, zero), zero);
  const alone = cast(g, less(g, otherZeros, 0.5), x.dtype);
  return mul(g, mul(g, dy, alone), div(g, total, filled));
}

function normalised(call: OpCall): Inferred[] {
  const { shape, dtype } = required(call, 0);
  axisOf(call.op, integer(call.attributes, 'axis', -1), shape.length);
  return [{ shape, dtype }];
}

/** Reductions and what is built on them. Equal largest (or smallest) elements share the gradient equally. */
export const reduceRules = {
  ArgMax: {
    infer: (call) => {
      const { shape } = required(call, 0);
      const axis = axisOf('ArgMax', integer(call.attributes, 'axis', 0), shape.length);
      const keep = integer(call.attributes, 'keepdims', 1) === 1;
      return [{ shape: keep ? shape.with(axis, 1) : shape.toSpliced(axis, 1), dtype: 'int64' }];
    },
    gradient: { none: 'its result is an index' },
  },
  LogSoftmax: {
    infer: normalised,
    gradient: (g, node, dy) => {
      const total = reduceSum(g, dy, { axes: [integer(node.attributes, 'axis', -1)], keepDims: true });
      return [sub(g, dy, mul(g, exp(g, node.outputs[0]), total))];
    },
  },
  ReduceLogSumExp: reductionRule((g, node, dy) =>
    mul(g, dy, exp(g, sub(g, inputOf(node, 0), kept(g, node, node.outputs[0])))),
  ),
  ReduceMax: extremum,
  ReduceMean: reductionRule((g, node, dy) => {
    const { shape } = inputOf(node, 0);
    const share = elementCount(dy.shape) / Math.max(1, elementCount(shape));
    return expand(g, mul(g, dy, share), shape);
  }),
  ReduceMin: extremum,
  ReduceProd: reductionRule(productGradient),
  ReduceSum: reductionRule((g, node, dy) => expand(g, dy, inputOf(node, 0).shape)),
  Softmax: {
    infer: normalised,
    gradient: (g, node, dy) => {
      const y = node.outputs[0];
      const along = reduceSum(g, mul(g, dy, y), { axes: [integer(node.attributes, 'axis', -1)], keepDims: true });
      return [mul(g, y, sub(g, dy, along))];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

function reduction(op: OpName): (g: Builder, x: Value, how?: Reduction) => Value {
  return (g, x, { axes, keepDims = false } = {}) => {
    if (axes?.length === 0) throw new GraphError(`${op}: the list of axes is empty; leave it out to reduce all`);
    return g.node(op, [x, axes ? g.constant([...axes], [axes.length], 'int64') : null], { keepdims: keepDims ? 1 : 0 });
  };
}

/** Sum over axes. */
export const reduceSum = reduction('ReduceSum');
/** Mean over axes. */
export const reduceMean = reduction('ReduceMean');
/** Largest element over axes. */
export const reduceMax = reduction('ReduceMax');
/** Product over axes. */
export const reduceProd = reduction('ReduceProd');
/** log of the sum of e^x over axes, as one op; some providers overflow for large x, `logSumExp` (loss.ts) never does. */
export const reduceLogSumExp = reduction('ReduceLogSumExp');
/** Smallest element over axes. */
export const reduceMin = reduction('ReduceMin');

/** e^x normalised to sum 1 along an axis, stable. */
export function softmax(g: Builder, x: Value, axis = -1): Value {
  return g.node('Softmax', [x], { axis });
}

/** Logarithm of `softmax`, stable. */
export function logSoftmax(g: Builder, x: Value, axis = -1): Value {
  return g.node('LogSoftmax', [x], { axis });
}

/** Index of the largest element along an axis (the first of several), int64. */
export function argMax(g: Builder, x: Value, axis = -1, keepDims = false): Value {
  return g.node('ArgMax', [x], { axis, keepdims: keepDims ? 1 : 0 });
}
