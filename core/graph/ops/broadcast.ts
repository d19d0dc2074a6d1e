import { GraphError } from '../graph-error.ts';
import { type Builder, shapeText } from '../rule.ts';
import { sameShape } from '../tensor.ts';
import type { Value } from '../value.ts';

/** A value, or a number that stands for a scalar constant of the other operand's dtype. */
export type Operand = Value | number;

/** The value of an operand; numbers become scalars of the dtype of `like`. */
export function operand(g: Builder, of: Operand, like: Value): Value {
  return typeof of === 'number' ? g.constant(of, [], like.dtype) : of;
}

/** Both values of a pair of operands. **Throws** GraphError when both are numbers. */
export function operands(g: Builder, a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== 'number') return [a, operand(g, b, a)];
  if (typeof b !== 'number') return [operand(g, a, b), b];
  throw new GraphError('two numbers need no graph: at least one operand must be a value');
}

/** The shape that shapes broadcast to. **Throws** GraphError naming the op when they do not. */
export function broadcastShapes(op: string, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === size || own === 1) continue;
      if (size !== 1) throw new GraphError(`${op}: shapes ${shapes.map(shapeText).join(' and ')} do not broadcast`);
      size = own;
    }
    return size;
  });
}

/** The gradient `dy` summed over every axis along which an operand of shape `shape` was repeated. */
export function sumToShape(g: Builder, dy: Value, shape: readonly number[]): Value {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? [axis] : [],
  );
  const summed =
    axes.length === 0 ? dy : g.node('ReduceSum', [dy, g.constant(axes, [axes.length], 'int64')], { keepdims: 1 });
  return sameShape(summed.shape, shape)
    ? summed
    : g.node('Reshape', [summed, g.constant([...shape], [shape.length], 'int64')]);
}
