import type { OpName } from '../op-name.ts';
import { type Builder, integer, type OpRule, required, requiredNumbers } from '../rule.ts';
import { type DType, tensor } from '../tensor.ts';
import type { Value } from '../value.ts';

/** Shapes as values, for graphs whose axes may have another size when they run. */
export const runTimeShapeRules = {
  ConstantOfShape: {
    infer: (call) => {
      const value = call.attributes['value'];
      const dtype = typeof value === 'object' && 'dtype' in value ? value.dtype : 'float32';
      return [{ shape: requiredNumbers(call, 0), dtype }];
    },
    gradient: { none: 'its input is a shape' },
  },
  Shape: {
    infer: (call) => {
      const { shape } = required(call, 0);
      const part = shape.slice(integer(call.attributes, 'start', 0), integer(call.attributes, 'end', shape.length));
      return [{ shape: [part.length], dtype: 'int64', known: tensor(part, [part.length], 'int64') }];
    },
    gradient: { none: 'its result is a shape' },
  },
} satisfies Partial<Record<OpName, OpRule>>;

/** `value` in every place of a shape that may be computed (int64). */
export function constantOfShape(g: Builder, shape: Value, value: number, dtype: DType = 'float32'): Value {
  return g.node('ConstantOfShape', [shape], { value: tensor(value, [1], dtype) });
}

/** The shape of x as it is at run time, int64. */
export function shapeOf(g: Builder, x: Value): Value {
  return g.node('Shape', [x]);
}
