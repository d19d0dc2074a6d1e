import { integer } from '../rule.ts';
import { numbers, sameShape } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

const reducing = new Set(['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSum']);

/**
 * A reduction that keeps its axes only for a Reshape to drop them drops them itself; one over axes of size 1 is a
 * Reshape; two of the same kind in a row are one.
 */
export const reductions: Pass = {
  name: 'reductions',
  start: () => (node, at) => dropped(node, at) ?? overNothing(node, at) ?? twice(node, at),
};

interface Reduction {
  readonly x: Value;
  readonly axes: readonly number[];
  readonly kept: boolean;
}

function reductionOf(node: Node | undefined, { constant, rigid }: Workshop): Reduction | undefined {
  if (!node || !reducing.has(node.op)) return undefined;
  const [x, listed] = node.inputs;
  if (!x || !rigid(x)) return undefined;
  const given = listed ? constant(listed) : undefined;
  if ((listed && !given) || (!listed && integer(node.attributes, 'noop_with_empty_axes', 0) === 1)) return undefined;
  const all = x.shape.map((_, axis) => axis);
  const axes = given ? numbers(given).map((axis) => (axis < 0 ? axis + x.shape.length : axis)) : all;
  if (axes.length === 0) return undefined;
  return { x, axes, kept: integer(node.attributes, 'keepdims', 1) === 1 };
}

function reduce({ g }: Workshop, op: Node['op'], { x, axes, kept }: Reduction): Value[] {
  const list = [...axes].sort((a, b) => a - b);
  return [g.node(op, [x, g.constant(list, [list.length], 'int64')], { keepdims: kept ? 1 : 0 })];
}

function dropped({ op, inputs: [y], outputs }: Node, at: Workshop): readonly Value[] | undefined {
  if (!y || (op !== 'Reshape' && op !== 'Squeeze') || !at.readOnce(y)) return undefined;
  const before = at.producer(y);
  const found = reductionOf(before, at);
  if (!before || !found?.kept) return undefined;
  const rest = found.x.shape.filter((_, axis) => !found.axes.includes(axis));
  return sameShape(rest, outputs[0].shape) ? reduce(at, before.op, { ...found, kept: false }) : undefined;
}

function overNothing(node: Node, at: Workshop): readonly Value[] | undefined {
  const found = reductionOf(node, at);
  if (!found?.axes.every((axis) => found.x.shape[axis] === 1)) return undefined;
  const { shape } = node.outputs[0];
  return [at.g.node('Reshape', [found.x, at.g.constant([...shape], [shape.length], 'int64')])];
}

function twice(node: Node, at: Workshop): readonly Value[] | undefined {
  const outer = reductionOf(node, at);
  const before = outer && at.producer(outer.x);
  const inner = before?.op === node.op ? reductionOf(before, at) : undefined;
  if (!outer || !inner || !at.readOnce(outer.x) || (!inner.kept && outer.kept)) return undefined;
  const left = inner.x.shape.map((_, axis) => axis).filter((axis) => inner.kept || !inner.axes.includes(axis));
  const axes = new Set([...inner.axes, ...outer.axes.map((axis) => left[axis])]);
  if (inner.kept !== outer.kept && inner.kept && !inner.axes.every((axis) => outer.axes.includes(axis)))
    return undefined;
  return reduce(at, node.op, { x: inner.x, axes: [...axes], kept: outer.kept });
}
