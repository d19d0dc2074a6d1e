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
  /* The exponent alone may be of another number type. */
  const odd = call.op !== 'Pow' && a.dtype !== b.dtype;
  if (odd || a.dtype === 'bool' || b.dtype === 'bool') {
    throw new GraphError(
      `${call.op}: inputs of dtype ${a.dtype} and ${b.dtype}, expected the same number type; cast one`,
    );
  }
  const shape = broadcastShapes(call.op, [a.shape, b.shape]);
  return [{ shape, dtype: a.dtype, ...known(call, shape, compute) }];
}

function inferMany(call: OpCall, compute: Compute): Inferred[] {
  if (call.inputs.length === 2) return infer(call, compute);
  const values = call.inputs.map((_, index) => required(call, index));
  if (values.length === 0) throw new GraphError(`${call.op}: no inputs, expected at least 1`);
  const { dtype } = values[0];
  const odd = values.findIndex((value) => value.dtype !== dtype || dtype === 'bool');
  if (odd >= 0)
    throw new GraphError(
      `${call.op}: input ${odd} is ${values[odd].dtype}, expected numbers like input 0 (${dtype}); cast it`,
    );
  const shapes = values.map(({ shape }) => shape);
  return [{ shape: broadcastShapes(call.op, shapes), dtype }];
}

/** Shape arithmetic: small whole numbers that are known while building stay known. */
function known(call: OpCall, shape: readonly number[], compute: Compute): Pick<Inferred, 'known'> {
  const count = elementCount(shape);
  if (call.inputs.some((input) => input?.dtype !== 'int64') || shape.length > 1 || count > 64) return {};
  const [a, b] = [call.known(0), call.known(1)];
  if (!a || !b) return {};
  const values = Array.from({ length: count }, (_, i) => compute(a[i % a.length], b[i % b.length]));
  return values.every(Number.isSafeInteger) ? { known: tensor(values, shape, 'int64') } : {};
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

/**
 * Max and Min of any number of inputs. From the last input to the first: it gets what is left of the gradient where it
 * beats all inputs before it, so of equal inputs the first one gets everything.
 */
function extreme(op: 'Max' | 'Min', compute: Compute, beats: OpName, holds: OpName): OpRule {
  return {
    infer: (call) => inferMany(call, compute),
    gradient: (g, node, dy, wanted) => {
      let left = dy;
      const values = node.inputs.map((_, index) => inputOf(node, index));
      const found = values.map((): Value | null => null);
      for (let index = values.length - 1; index >= 0; index--) {
        const [own, others] = [values[index], values.slice(0, index)];
        const before = others.length > 1 ? g.node(op, others) : others.at(0);
        const part = before ? mul(g, left, mask(g, beats, own, before)) : left;
        if (wanted[index]) found[index] = sumToShape(g, part, own.shape);
        if (before && wanted.slice(0, index).includes(true)) left = mul(g, left, mask(g, holds, before, own));
      }
      return found;
    },
  };
}

/** Toward the base: b a^(b-1), which is 0 for b = 0 at any base; exponents that are one known number up to 2 need no power. */
function powerTowardsBase(g: Builder, dy: Value, a: Value, b: Value): Value {
  const exponent = g.known(b);
  const fixed = exponent && elementCount(exponent.shape) === 1 ? Number(exponent.data[0]) : undefined;
  if (fixed === 1 || fixed === 0) return mul(g, dy, fixed);
  if (fixed === 2) return mul(g, dy, mul(g, a, 2));
  const power = b.dtype === a.dtype ? b : g.node('Cast', [b], { to: a.dtype === 'float64' ? 11 : 1 });
  const zero = g.constant(0, [], power.dtype);
  const lowered = g.node('Where', [g.node('Equal', [power, zero]), zero, sub(g, power, 1)]);
  return mul(g, dy, mul(g, power, pow(g, a, lowered)));
}

/** Toward the exponent: y log a, and 0 where a is not positive. */
function powerTowardsExponent(g: Builder, dy: Value, a: Value, y: Value): Value {
  const [zero, one] = [g.constant(0, [], a.dtype), g.constant(1, [], a.dtype)];
  const positive = g.node('Greater', [a, zero]);
  const slope = mul(g, y, g.node('Log', [g.node('Where', [positive, a, one])]));
  return mul(g, dy, g.node('Where', [positive, slope, zero]));
}

/** Ops of two numbers that broadcast (Max and Min: of any number of them). */
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
  Max: extreme('Max', Math.max, 'Greater', 'GreaterOrEqual'),
  Min: extreme('Min', Math.min, 'Less', 'LessOrEqual'),
  Mul: binary(
    (a, b) => a * b,
    (g, dy, _, b) => mul(g, dy, b),
    (g, dy, a) => mul(g, dy, a),
  ),
  Pow: binary(Math.pow, powerTowardsBase, (g, dy, a, _, y) => powerTowardsExponent(g, dy, a, y)),
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
/** The larger of a and b; where they are equal, a gets the gradient. */
export const max = forward('Max');
/** The smaller of a and b; where they are equal, a gets the gradient. */
export const min = forward('Min');
/** a b. */
export const mul = forward('Mul');
/** a to the b; no gradient reaches b where a is not positive. */
export const pow = forward('Pow');
/** a - b. */
export const sub = forward('Sub');
