import { GraphError } from '../graph-error.ts';
import type { OpName } from '../op-name.ts';
import { type Builder, type Inferred, inputOf, type OpCall, type OpRule, required } from '../rule.ts';
import { elementCount, tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { broadcastShapes, type Operand, operands, sumToShape } from './broadcast.ts';

type Compute = (a: number, b: number) => number;

function infer(call: OpCall, compute: Compute): Inferred[] {
  if (call.inputs.length !== 2) throw new GraphError(`${call.op}: ${call.inputs.length} inputs, expected 2`);
  const [a, b] = [required(call, 0), required(call, 1)];
  if (a.dtype !== b.dtype || a.dtype === 'bool') {
    throw new GraphError(`${call.op}: inputs of dtype ${a.dtype} and ${b.dtype}, expected the same number type`);
  }
  const shape = broadcastShapes(call.op, [a.shape, b.shape]);
  return [{ shape, dtype: a.dtype, ...known(call, shape, compute) }];
}

function known(call: OpCall, shape: readonly number[], compute: Compute): Pick<Inferred, 'known'> {
  const count = elementCount(shape);
  if (call.inputs[0]?.dtype !== 'int64' || shape.length > 1 || count > 64) return {};
  const [a, b] = [call.known(0), call.known(1)];
  if (!a || !b) return {};
  const values = Array.from({ length: count }, (_, i) => compute(a[i % a.length], b[i % b.length]));
  return { known: tensor(values, shape, 'int64') };
}

type Side = (g: Builder, dy: Value, a: Value, b: Value, y: Value) => Value;

function binary(compute: Compute, towardsA: Side, towardsB: Side): OpRule {
  return {
    infer: (call) => infer(call, compute),
    gradient: (g, node, dy, wanted) => {
      const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
      const y = node.outputs[0];
      return [
        wanted[0] ? sumToShape(g, towardsA(g, dy, a, b, y), a.shape) : null,
        wanted[1] ? sumToShape(g, towardsB(g, dy, a, b, y), b.shape) : null,
      ];
    },
  };
}

function mask(g: Builder, op: OpName, a: Value, b: Value): Value {
  return g.node('Cast', [g.node(op, [a, b])], { to: a.dtype === 'float64' ? 11 : 1 });
}

/** Ops of two numbers that broadcast. Where Max and Min tie, the first input gets the gradient. */
export const arithmeticRules = {
  Add: binary(
    (a, b) => a + b,
    (_, dy) => dy,
    (_, dy) => dy,
  ),
  Div: binary(
    (a, b) => Math.trunc(a / b),
    (g, dy, _a, b) => div(g, dy, b),
    (g, dy, _a, b, y) => g.node('Neg', [div(g, mul(g, dy, y), b)]),
  ),
  Max: binary(
    Math.max,
    (g, dy, a, b) => mul(g, dy, mask(g, 'GreaterOrEqual', a, b)),
    (g, dy, a, b) => mul(g, dy, mask(g, 'Greater', b, a)),
  ),
  Min: binary(
    Math.min,
    (g, dy, a, b) => mul(g, dy, mask(g, 'LessOrEqual', a, b)),
    (g, dy, a, b) => mul(g, dy, mask(g, 'Less', b, a)),
  ),
  Mul: binary(
    (a, b) => a * b,
    (g, dy, _, b) => mul(g, dy, b),
    (g, dy, a) => mul(g, dy, a),
  ),
  Pow: binary(
    Math.pow,
    (g, dy, a, b) => mul(g, dy, mul(g, b, pow(g, a, sub(g, b, 1)))),
    (g, dy, a, _, y) => mul(g, dy, mul(g, y, g.node('Log', [a]))),
  ),
  Sub: binary(
    (a, b) => a - b,
    (_, dy) => dy,
    (g, dy) => g.node('Neg', [dy]),
  ),
} satisfies Partial<Record<OpName, OpRule>>;

type Binary = (g: Builder, a: Operand, b: Operand) => Value;
const forward =
  (op: OpName): Binary =>
  (g, a, b) =>
    g.node(op, operands(g, a, b));

/** a + b. */
export const add = forward('Add');
/** a / b; whole numbers are truncated. */
export const div = forward('Div');
/** The larger of a and b. */
export const max = forward('Max');
/** The smaller of a and b. */
export const min = forward('Min');
/** a b. */
export const mul = forward('Mul');
/** a to the b; the gradient toward b needs a > 0. */
export const pow = forward('Pow');
/** a - b. */
export const sub = forward('Sub');
