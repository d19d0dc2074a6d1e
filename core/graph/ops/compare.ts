import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import { type Builder, inputOf, type OpCall, type OpRule, required } from '../rule.ts';
import { type DType, elementCount, tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { broadcastShapes, type Operand, operand, operands, sumToShape } from './broadcast.ts';
import { mul } from './arithmetic.ts';

const noGradient = { none: 'its result is true or false' };

function logic(inputs: 'any' | 'numbers' | 'bools'): OpRule {
  const fits = (dtype: DType): boolean => inputs === 'any' || (dtype === 'bool') === (inputs === 'bools');
  return {
    infer: (call) => {
      const values = call.inputs.map((_, index) => required(call, index));
      const wrong = values.findIndex(({ dtype }) => dtype !== values[0].dtype || !fits(dtype));
      if (wrong >= 0) {
        const expected = fits(values[0].dtype) ? `${values[0].dtype} like input 0` : inputs;
        throw new GraphError(`${call.op}: input ${wrong} is ${values[wrong].dtype}, expected ${expected}; cast it`);
      }
      return [
        {
          shape: broadcastShapes(
            call.op,
            values.map(({ shape }) => shape),
          ),
          dtype: 'bool',
        },
      ];
    },
    gradient: noGradient,
  };
}

function inferWhere(call: OpCall): [{ shape: number[]; dtype: DType }] {
  const [condition, yes, no] = [required(call, 0), required(call, 1), required(call, 2)];
  if (condition.dtype !== 'bool')
    throw new GraphError(
      `Where: the condition (input 0) is ${condition.dtype}, expected bool; compare it with something`,
    );
  if (yes.dtype !== no.dtype) {
    throw new GraphError(`Where: input 2 is ${no.dtype}, expected ${yes.dtype} like input 1; cast one`);
  }
  return [{ shape: broadcastShapes('Where', [condition.shape, yes.shape, no.shape]), dtype: yes.dtype }];
}

const castNames: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 };

/** Comparisons, logic, choice by condition, and conversion between dtypes. */
export const compareRules = {
  And: logic('bools'),
  Cast: {
    infer: (call) => {
      const { shape, dtype } = required(call, 0);
      const to = (Object.keys(castNames) as DType[]).find((name) => castNames[name] === call.attributes['to']);
      if (!to) throw new GraphError(`Cast: from ${dtype} to a dtype that graphs do not know`);
      const numbers = elementCount(shape) <= 64 && to !== 'bool' ? call.known(0) : undefined;
      const whole = to.startsWith('float') ? numbers : numbers?.map(Math.trunc);
      return [{ shape, dtype: to, ...(whole && { known: tensor(whole, shape, to) }) }];
    },
    gradient: (g, node, dy) => [cast(g, dy, inputOf(node, 0).dtype)],
  },
  Equal: logic('any'),
  Greater: logic('numbers'),
  GreaterOrEqual: logic('numbers'),
  Less: logic('numbers'),
  LessOrEqual: logic('numbers'),
  Not: logic('bools'),
  Or: logic('bools'),
  Where: {
    infer: inferWhere,
    gradient: (g, node, dy, wanted) => {
      const condition = inputOf(node, 0);
      const through = (mask: Value, index: number): Value | null =>
        wanted[index] ? sumToShape(g, mul(g, dy, cast(g, mask, dy.dtype)), inputOf(node, index).shape) : null;
      return [null, through(condition, 1), wanted[2] ? through(not(g, condition), 2) : null];
    },
  },
} satisfies Partial<Record<OpName, OpRule>>;

type Comparison = (g: Builder, a: Operand, b: Operand) => Value;
const comparison =
  (op: OpName): Comparison =>
  (g, a, b) =>
    g.node(op, operands(g, a, b));

/** a = b, bool. */
export const equal = comparison('Equal');
/** a > b, bool. */
export const greater = comparison('Greater');
/** a >= b, bool. */
export const greaterOrEqual = comparison('GreaterOrEqual');
/** a < b, bool. */
export const less = comparison('Less');
/** a <= b, bool. */
export const lessOrEqual = comparison('LessOrEqual');

/** Both true. */
export function and(g: Builder, a: Value, b: Value): Value {
  return g.node('And', [a, b]);
}

/** At least one true. */
export function or(g: Builder, a: Value, b: Value): Value {
  return g.node('Or', [a, b]);
}

/** The opposite of a bool. */
export function not(g: Builder, a: Value): Value {
  return g.node('Not', [a]);
}

/** `yes` where the condition holds, else `no`; all three broadcast. */
export function where(g: Builder, condition: Value, yes: Operand, no: Operand): Value {
  const like = typeof yes === 'number' ? no : yes;
  if (typeof like === 'number') throw new GraphError('where: at least one choice must be a value');
  return g.node('Where', [condition, operand(g, yes, like), operand(g, no, like)]);
}

/** The same numbers in another dtype; floats are truncated toward zero when they become whole. */
export function cast(g: Builder, x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : g.node('Cast', [x], { to: castNames[dtype] });
}
